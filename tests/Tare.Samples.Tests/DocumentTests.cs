using Tare.Fixtures;

namespace Tare.Samples.Tests;

/// <summary>What stands in documents compiles, runs and prints what stands there.</summary>
public sealed class DocumentTests
{
    private static readonly IReadOnlyList<Snippet> Processes = Snippet.ReadAll("docs", "processes.md");

    public static TheoryData<string> Chapters => [.. Processes.Select(snippet => snippet.Heading)];

    public static TheoryData<string> Packages => ["Tare.Linux", "Tare.Launch", "Tare.Processes"];

    [Fact]
    public void Every_chapter_has_a_program() =>
        Assert.Equal(
            [
                "Memory layout",
                "Scheduling",
                "Creation",
                "Termination",
                "Monitoring",
                "Communication",
                "Resource management",
                "Security",
                "Sandboxes",
            ],
            Processes.Select(snippet => snippet.Heading)
        );

    [Theory]
    [MemberData(nameof(Chapters))]
    public void A_chapters_program_prints_what_stands_under_it(string heading)
    {
        Snippet snippet = Processes.Single(snippet => snippet.Heading == heading);
        if (snippet.NeedsRoot)
        {
            Require.Root();
        }

        Assert.NotNull(snippet.Expected);
        snippet.Check(snippet.Run());
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_packages_readme_has_a_program_that_runs(string package) =>
        Assert.NotNull(Assert.Single(Snippet.ReadAll("src", package, "README.md")).Run());
}
