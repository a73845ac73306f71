using Tare.Fixtures;

namespace Tare.Samples.Tests;

/// <summary>What stands in documents compiles, runs and prints what stands there.</summary>
public sealed class DocumentTests
{
    private const string Entrance = "docs/processes.md";

    /// <summary>The pages that the entrance lists, in its order, itself first.</summary>
    private static readonly IReadOnlyList<string> Documents =
    [
        Entrance,
        .. Snippet
            .LinksOf(Entrance)
            .Where(link => link.StartsWith("processes/", StringComparison.Ordinal))
            .Select(link => $"docs/{link}"),
    ];

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<Snippet>> Snippets = Documents.ToDictionary(
        document => document,
        document => Snippet.ReadAll(document)
    );

    public static TheoryData<string> Pages => [.. Documents.Skip(1)];

    public static TheoryData<string, string> Programs =>
        [.. Documents.SelectMany(document => Snippets[document].Select(snippet => (document, snippet.Heading)))];

    public static TheoryData<string> Packages => ["Tare.Linux", "Tare.Launch", "Tare.Processes"];

    [Fact]
    public void Every_chapter_has_a_page() =>
        Assert.Equal(
            [
                "memory",
                "scheduling",
                "creation",
                "termination",
                "monitoring",
                "communication",
                "resources",
                "security",
                "sandboxes",
                "recording",
            ],
            Documents.Skip(1).Select(document => Path.GetFileNameWithoutExtension(document))
        );

    [Fact]
    public void Every_page_is_listed() =>
        Assert.Equal(
            Directory.GetFiles(Repository.At("docs", "processes"), "*.md").Select(Path.GetFileName).Order(),
            Documents.Skip(1).Select(Path.GetFileName).Order()
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_several_programs_with_headings_of_their_own(string document)
    {
        Assert.InRange(Snippets[document].Count, 3, 8);
        Assert.Equal(
            Snippets[document].Count,
            Snippets[document].Select(snippet => snippet.Heading).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.Equal(Snippets[document].Count, Snippet.BlocksOf(document));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_prints_what_stands_under_it(string document, string heading)
    {
        Snippet snippet = Snippets[document].Single(snippet => snippet.Heading == heading);
        snippet.Require();

        Assert.NotNull(snippet.Expected);
        snippet.Check(snippet.Run());
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_packages_readme_has_a_program_that_runs(string package) =>
        Assert.NotNull(Assert.Single(Snippet.ReadAll($"src/{package}/README.md")).Run());
}
