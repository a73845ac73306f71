using System.Runtime.CompilerServices;

namespace Tare.Oci.Tests;

/// <summary>The documents beside the tests.</summary>
internal static class Sample
{
    internal static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(Folder(), "Golden", name));

    internal static byte[] Corpus(string name) => File.ReadAllBytes(Path.Combine(Folder(), "Corpus", name));

    internal static IEnumerable<string> CorpusFiles() =>
        Directory.EnumerateFiles(Path.Combine(Folder(), "Corpus"), "*.json").Order(StringComparer.Ordinal);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
