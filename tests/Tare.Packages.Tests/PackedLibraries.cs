using System.IO.Compression;
using Tare.Fixtures;

[assembly: AssemblyFixture(typeof(Tare.Packages.Tests.PackedLibraries))]

namespace Tare.Packages.Tests;

/// <summary>The packages, made once for all tests by <c>dotnet pack</c> from what was built.</summary>
public sealed class PackedLibraries : IDisposable
{
    /// <summary>What is published.</summary>
    public static readonly string[] Names = ["Tare.Linux", "Tare.Launch", "Tare.Processes"];

    private readonly TemporaryDirectory _folder = new();

    public PackedLibraries()
    {
        foreach (string name in Names)
        {
            DotNet.Run(
                Repository.Root,
                "pack",
                Repository.At("src", name),
                "--configuration",
                "Release",
                "--no-build",
                "--output",
                Folder
            );
        }
    }

    /// <summary>Where they lie.</summary>
    public string Folder => _folder.Path;

    /// <summary>The files in a package, by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Open(string name, string extension)
    {
        using ZipArchive archive = ZipFile.OpenRead(
            Assert.Single(Directory.GetFiles(Folder, $"{name}.?.?.?.{extension}"))
        );
        Dictionary<string, byte[]> files = [];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            stream.CopyTo(content);
            files[entry.FullName] = content.ToArray();
        }

        return files;
    }

    public void Dispose() => _folder.Dispose();
}
