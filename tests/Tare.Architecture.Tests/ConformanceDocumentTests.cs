using System.Text.RegularExpressions;
using Tare.Fixtures;

namespace Tare.Architecture.Tests;

/// <summary>docs/oci-conformance.md lists every row, and names tests that there are.</summary>
public sealed partial class ConformanceDocumentTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.At("docs", "oci-conformance.md"));
    private static readonly string[][] Rows =
    [
        .. Lines
            .Where(line => RowStart().IsMatch(line))
            .Select(line => line.Split(" | ", StringSplitOptions.TrimEntries)),
    ];

    [Theory]
    [InlineData("O-", 166)]
    [InlineData("L-", 14)]
    [InlineData("F-", 14)]
    [InlineData("C-", 41)]
    [InlineData("K-", 11)]
    [InlineData("P-", 11)]
    public void Every_row_stands_there_once(string kind, int count)
    {
        string[] ids =
        [
            .. Rows.Select(row => row[0].Trim('|', ' ')).Where(id => id.StartsWith(kind, StringComparison.Ordinal)),
        ];

        Assert.Equal(count, ids.Length);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void A_row_that_is_there_has_a_test() =>
        Assert.Empty(
            Rows.Where(row => row[2].StartsWith("yes", StringComparison.Ordinal) && !ClassName().IsMatch(row[^1]))
                .Select(row => row[0])
        );

    [Fact]
    public void As_many_rows_are_there_as_it_says()
    {
        int there = Rows.Count(row => row[2].StartsWith("yes", StringComparison.Ordinal));

        Assert.Contains(
            Lines,
            line => line.Contains($"{there} of the {Rows.Length} are there", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_test_that_it_names_exists()
    {
        HashSet<string> classes = [.. Tree.Sources.Select(source => Path.GetFileNameWithoutExtension(source.Path))];

        Assert.Empty(
            Lines.SelectMany(line => ClassName().Matches(line)).Select(name => name.Groups[1].Value).Except(classes)
        );
    }

    [GeneratedRegex(@"^\| [A-Z]-\d+ \|")]
    private static partial Regex RowStart();

    [GeneratedRegex(@"`((?:[A-Z]\w*(?:Tests|Claims))|(?:Cve\d\w+))`")]
    private static partial Regex ClassName();
}
