namespace Tare.Cli.Observation;

/// <summary>Rows as a tree: children below their parents, in the order that they came in.</summary>
internal static class ProcessTree
{
    // Below this many characters of branches all stand at one depth: a chain of processes shall not fill the memory.
    private const int Deepest = 120;

    /// <summary>All rows, each once, with their branches drawn.</summary>
    public static IReadOnlyList<ProcessRow> Of(IReadOnlyList<ProcessRow> rows)
    {
        HashSet<int> there = [.. rows.Select(row => row.Process.ProcessId)];
        ILookup<int, ProcessRow> children = rows.ToLookup(row =>
            there.Contains(row.Process.ParentId) && row.Process.ParentId != row.Process.ProcessId
                ? row.Process.ParentId
                : 0
        );
        List<ProcessRow> tree = new(rows.Count);
        HashSet<int> placed = [];

        // Depth is not recursion: chains of processes can be long.
        Stack<(ProcessRow Row, string Branch, string Below)> open = new();
        Push(children[0], "", isRoot: true);
        while (true)
        {
            while (open.TryPop(out (ProcessRow Row, string Branch, string Below) next))
            {
                if (placed.Add(next.Row.Process.ProcessId))
                {
                    tree.Add(next.Row with { Branch = next.Branch });
                    Push(children[next.Row.Process.ProcessId], next.Below, isRoot: false);
                }
            }

            // Parents change while processes are read one after the other, so that a circle is not impossible.
            ProcessRow? left = rows.FirstOrDefault(row => !placed.Contains(row.Process.ProcessId));
            if (left is null)
            {
                return tree;
            }

            open.Push((left, "", ""));
        }

        void Push(IEnumerable<ProcessRow> group, string below, bool isRoot)
        {
            ProcessRow[] all = [.. group];
            for (int i = all.Length - 1; i >= 0; i--)
            {
                bool isLast = i == all.Length - 1;
                open.Push(
                    isRoot
                        ? (all[i], "", "")
                        : (
                            all[i],
                            below + (isLast ? "└─ " : "├─ "),
                            below.Length < Deepest ? below + (isLast ? "   " : "│  ") : below
                        )
                );
            }
        }
    }
}
