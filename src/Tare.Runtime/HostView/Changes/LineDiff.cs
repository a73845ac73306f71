namespace Tare.Runtime.HostView.Changes;

/// <summary>Which lines of one text become which of another: a shortest script. Myers, "An O(ND) Difference Algorithm", 1986.</summary>
internal static class LineDiff
{
    /// <summary>How many lines may differ before everything between the first and the last of them counts as replaced.</summary>
    private const int MaximumEdits = 2000;

    /// <summary>A run of lines: of both texts, or of one of them.</summary>
    /// <param name="Old">Where it begins in the old text.</param>
    /// <param name="OldCount">How many lines of it.</param>
    /// <param name="New">Where it begins in the new text.</param>
    /// <param name="NewCount">How many lines of it.</param>
    internal readonly record struct Edit(int Old, int OldCount, int New, int NewCount);

    /// <summary>The runs that differ, in order.</summary>
    public static List<Edit> Of(IReadOnlyList<string> old, IReadOnlyList<string> @new)
    {
        int head = 0;
        while (head < old.Count && head < @new.Count && old[head] == @new[head])
        {
            head++;
        }

        int tail = 0;
        while (tail < old.Count - head && tail < @new.Count - head && old[^(tail + 1)] == @new[^(tail + 1)])
        {
            tail++;
        }

        int oldCount = old.Count - head - tail;
        int newCount = @new.Count - head - tail;
        if (oldCount == 0 && newCount == 0)
        {
            return [];
        }

        List<int[]>? trace = Trace(old, @new, head, oldCount, newCount);
        return trace is null ? [new Edit(head, oldCount, head, newCount)] : Join(Back(trace, oldCount, newCount), head);
    }

    // The furthest point of each diagonal after each number of edits; null where there are too many.
    private static List<int[]>? Trace(
        IReadOnlyList<string> old,
        IReadOnlyList<string> @new,
        int head,
        int oldCount,
        int newCount
    )
    {
        int most = Math.Min(oldCount + newCount, MaximumEdits);
        int[] furthest = new int[(2 * most) + 3];
        int middle = most + 1;
        List<int[]> trace = [];
        for (int edits = 0; edits <= most; edits++)
        {
            for (int diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                bool isDown =
                    diagonal == -edits
                    || (diagonal != edits && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1]);
                int x = isDown ? furthest[middle + diagonal + 1] : furthest[middle + diagonal - 1] + 1;
                int y = x - diagonal;
                while (x < oldCount && y < newCount && old[head + x] == @new[head + y])
                {
                    x++;
                    y++;
                }

                furthest[middle + diagonal] = x;
                if (x >= oldCount && y >= newCount)
                {
                    trace.Add(furthest[(middle - edits)..(middle + edits + 1)]);
                    return trace;
                }
            }

            trace.Add(furthest[(middle - edits)..(middle + edits + 1)]);
        }

        return null;
    }

    // Single edits from the end to the beginning: the line of the old text that goes, or of the new one that comes.
    private static List<(int X, int Y, bool IsInsertion)> Back(List<int[]> trace, int x, int y)
    {
        List<(int, int, bool)> edits = [];
        for (int count = trace.Count - 1; count > 0; count--)
        {
            int[] before = trace[count - 1];
            int middle = count - 1;
            int diagonal = x - y;
            bool isDown = diagonal == -count || (diagonal != count && At(diagonal - 1) < At(diagonal + 1));
            int from = isDown ? diagonal + 1 : diagonal - 1;
            x = At(from);
            y = x - from;
            edits.Add((x, y, isDown));

            // Diagonals that could not be reached yet lie outside.
            int At(int wanted) =>
                middle + wanted >= 0 && middle + wanted < before.Length ? before[middle + wanted] : -1;
        }

        edits.Reverse();
        return edits;
    }

    private static List<Edit> Join(List<(int X, int Y, bool IsInsertion)> single, int head)
    {
        List<Edit> runs = [];
        foreach ((int x, int y, bool isInsertion) in single)
        {
            Edit edit = new(head + x, isInsertion ? 0 : 1, head + y, isInsertion ? 1 : 0);
            if (runs.Count > 0 && Touches(runs[^1], edit))
            {
                Edit last = runs[^1];
                runs[^1] = last with
                {
                    OldCount = last.OldCount + edit.OldCount,
                    NewCount = last.NewCount + edit.NewCount,
                };
            }
            else
            {
                runs.Add(edit);
            }
        }

        return runs;
    }

    private static bool Touches(Edit last, Edit next) =>
        last.Old + last.OldCount == next.Old && last.New + last.NewCount == next.New;
}
