using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using Tare.Fixtures;

namespace Tare.Packages.Tests;

public sealed class PackageContentTests(PackedLibraries packed)
{
    public static TheoryData<string> Names => [.. PackedLibraries.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_has_its_library_its_documents_and_its_readme(string name)
    {
        IReadOnlyDictionary<string, byte[]> files = packed.Open(name, "nupkg");
        string[] lib = [.. files.Keys.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).Order()];

        Assert.Equal([$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], lib);
        Assert.Equal(File.ReadAllBytes(Repository.At("src", name, "README.md")), files["README.md"]);
        Assert.StartsWith($"# {name}\n", Encoding.UTF8.GetString(files["README.md"]), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_says_what_it_is(string name)
    {
        XElement metadata = XElement
            .Parse(Text(packed.Open(name, "nupkg")[$"{name}.nuspec"]))
            .Elements()
            .Single(element => element.Name.LocalName == "metadata");
        string? Value(string element) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value;
        XElement repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        string[] dependencies =
        [
            .. metadata
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => (string)element.Attribute("id")!)
                .Order(),
        ];

        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEqual("Package Description", Value("description"));
        Assert.Equal("git", (string?)repository.Attribute("type"));
        Assert.Equal(40, ((string?)repository.Attribute("commit"))?.Length);
        Assert.DoesNotContain("file:", (string?)repository.Attribute("url") ?? "", StringComparison.Ordinal);
        Assert.Equal(PackedLibraries.Names.TakeWhile(other => other != name).Order(), dependencies);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_that_a_package_shows_is_documented(string name)
    {
        HashSet<string> documented =
        [
            .. XElement
                .Parse(Text(packed.Open(name, "nupkg")[$"lib/net10.0/{name}.xml"]))
                .Descendants("member")
                .Where(member => member.Elements().Any())
                .Select(member => (string)member.Attribute("name")!),
        ];
        IEnumerable<string> types = Assembly
            .Load(name)
            .GetExportedTypes()
            .Where(type => !type.FullName!.StartsWith("Tare.Linux.Abi.", StringComparison.Ordinal))
            .Select(type => $"T:{type.FullName!.Replace('+', '.')}");

        Assert.Empty(types.Except(documented));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_path_of_this_machine_is_in_a_package(string name)
    {
        string[] paths = [Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/."];
        foreach (string extension in (string[])["nupkg", "snupkg"])
        {
            foreach ((string file, byte[] content) in packed.Open(name, extension))
            {
                foreach (string path in paths)
                {
                    Assert.False(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(path)) >= 0, $"{file} has '{path}'");
                    Assert.False(
                        content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(path)) >= 0,
                        $"{file} has '{path}'"
                    );
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_symbols_are_those_of_the_library(string name)
    {
        byte[] library = packed.Open(name, "nupkg")[$"lib/net10.0/{name}.dll"];
        byte[] symbols = packed.Open(name, "snupkg")[$"lib/net10.0/{name}.pdb"];
        using PEReader reader = new(new MemoryStream(library));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        MetadataReader pdb = provider.GetMetadataReader();
        DebugDirectoryEntry[] entries = [.. reader.ReadDebugDirectory()];
        DebugDirectoryEntry codeView = entries.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        string[] documents = [.. pdb.Documents.Select(document => pdb.GetString(pdb.GetDocument(document).Name))];

        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        Assert.Equal(
            new BlobContentId(pdb.DebugMetadataHeader!.Id).Guid,
            reader.ReadCodeViewDebugDirectoryData(codeView).Guid
        );
        Assert.NotEmpty(documents);
        Assert.All(documents, document => Assert.StartsWith("/_", document, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_library_shows_is_written_down(string name)
    {
        HashSet<string> lines = [];
        foreach (string list in (string[])["Shipped", "Unshipped"])
        {
            lines.UnionWith(File.ReadAllLines(Repository.At("src", name, $"PublicAPI.{list}.txt")));
        }

        IEnumerable<string> types = Assembly
            .Load(name)
            .GetExportedTypes()
            .Where(type => !type.IsGenericType)
            .Select(type => type.FullName!.Replace('+', '.'));

        Assert.Contains("#nullable enable", lines);
        Assert.Empty(types.Except(lines));
    }

    private static string Text(byte[] content) => Encoding.UTF8.GetString(content).TrimStart('\ufeff');
}
