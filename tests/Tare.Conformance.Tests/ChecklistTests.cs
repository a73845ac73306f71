using Tare.Conformance.Running;
using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Tests;

public sealed class ChecklistTests
{
    [Fact]
    public void No_requirement_stands_twice_in_a_group() =>
        Assert.All(Checklist.Groups, group => Assert.Distinct(group.Checks.Select(check => check.Requirement)));

    [Fact]
    public void What_peers_are_known_to_fail_are_checks_that_there_are() =>
        Assert.All(
            KnownPeerFailures.Load().All,
            known =>
                Assert.Contains(
                    (known.Group, known.Requirement),
                    Checklist.All.Select(pair => (pair.Group.Name, pair.Check.Requirement))
                )
        );

    [Fact]
    public void The_table_in_the_documentation_has_every_check()
    {
        string[] table = File.ReadAllLines(Repository.At("docs", "conformance-table.md"));

        Assert.All(
            Checklist.All,
            pair =>
                Assert.Contains(
                    table,
                    line =>
                        line.StartsWith($"| {pair.Check.Rows} | {pair.Check.Requirement} |", StringComparison.Ordinal)
                )
        );
    }
}
