using System.Text.RegularExpressions;
using Tare.Fixtures;

namespace Tare.Architecture.Tests;

/// <summary>A test that a missing program skips says that <c>./test</c> installs it: that is true.</summary>
public sealed partial class InstalledProgramsTests
{
    [Fact]
    public void Test_installs_every_program_that_a_test_asks_for()
    {
        HashSet<string> installed =
        [
            .. Directory
                .EnumerateFiles(Repository.At("eng"), "packages-*.txt")
                .SelectMany(File.ReadLines)
                .Where(line => !line.StartsWith('#') && line.Length > 0)
                .Select(line => Path.GetFileName(line.Split(' ')[0])),
        ];
        string[] asked =
        [
            .. Tree
                .Sources.Where(source => source.IsIn("tests"))
                .SelectMany(source => Asked().Matches(source.Text))
                .Select(match => match.Groups[1].Value)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Contains("unshare", asked);
        Assert.Empty(asked.Except(installed));
    }

    [GeneratedRegex("Require\\.Program\\(\"([^\"]+)\"\\)")]
    private static partial Regex Asked();
}
