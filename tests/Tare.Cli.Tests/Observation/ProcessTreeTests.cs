using Tare.Cli.Observation;
using Tare.Processes;

namespace Tare.Cli.Tests.Observation;

public class ProcessTreeTests
{
    [Fact]
    public void Children_follow_their_parents_with_branches() =>
        Assert.Equal(
            ["1", "├─ 3", "│  ├─ 5", "│  └─ 6", "└─ 4", "2"],
            Draw((1, 0), (2, 0), (3, 1), (4, 1), (5, 3), (6, 3))
        );

    [Fact]
    public void Whose_parent_is_not_shown_is_a_root() => Assert.Equal(["7", "└─ 8"], Draw((7, 3), (8, 7)));

    [Fact]
    public void A_circle_is_drawn_once() => Assert.Equal(3, Draw((1, 0), (2, 3), (3, 2)).Length);

    [Fact]
    public void A_long_chain_is_no_deep_recursion()
    {
        string[] lines = Draw([.. Enumerable.Range(1, 20_000).Select(number => (number, number - 1))]);

        Assert.Equal(20_000, lines.Length);
    }

    private static string[] Draw(params (int Id, int Parent)[] processes) =>
        [
            .. ProcessTree
                .Of([.. processes.Select(one => Row(one.Id, one.Parent))])
                .Select(row => row.Branch + row.Process.ProcessId),
        ];

    private static readonly ProcessSnapshot Own = ProcessSnapshot.ReadOwn(SnapshotParts.None);

    private static ProcessRow Row(int id, int parent) =>
        new(ProcessSample.Between(null, Own with { ProcessId = id, ParentId = parent }, TimeSpan.Zero), "root", null);
}
