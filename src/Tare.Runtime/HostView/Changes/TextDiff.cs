using System.Globalization;
using System.Text;
using Tare.Linux;

namespace Tare.Runtime.HostView.Changes;

/// <summary>The difference of two text files, in the unified form of diff(1).</summary>
public static class TextDiff
{
    /// <summary>The largest file of which a difference is shown, in bytes.</summary>
    public const int LargestFile = 512 << 10;

    private const int Context = 3;
    private const string NoNewline = "\\ No newline at end of file";

    /// <summary>
    /// The lines of a change of a regular file, without their ends; null where there is none to be shown: one of the two is
    /// no text, too large, or cannot be read.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="layers">The directories of its part.</param>
    public static IReadOnlyList<string>? Of(Change change, PartLayers layers)
    {
        if (change.Before is { IsRegular: false } || change.After is { IsRegular: false } || change.LinkTo is not null)
        {
            return null;
        }

        ChangeSource source = new(layers, null);
        string[]? old = change.Before is null ? [] : Lines(source.OpenBefore(change));
        string[]? @new = change.After is null ? [] : Lines(source.Open(change));
        return old is null || @new is null ? null : Unified(old, @new);
    }

    /// <summary>The hunks of two lists of lines; none where they are the same.</summary>
    /// <param name="old">The lines with their ends, the last maybe without.</param>
    /// <param name="new">Likewise.</param>
    public static IReadOnlyList<string> Unified(IReadOnlyList<string> old, IReadOnlyList<string> @new)
    {
        List<string> lines = [];
        List<LineDiff.Edit> edits = LineDiff.Of(old, @new);
        for (int first = 0; first < edits.Count; )
        {
            int last = first;
            while (
                last + 1 < edits.Count && edits[last + 1].Old - (edits[last].Old + edits[last].OldCount) <= 2 * Context
            )
            {
                last++;
            }

            AddHunk(lines, old, @new, edits[first..(last + 1)]);
            first = last + 1;
        }

        return lines;
    }

    private static void AddHunk(
        List<string> lines,
        IReadOnlyList<string> old,
        IReadOnlyList<string> @new,
        List<LineDiff.Edit> edits
    )
    {
        int before = Math.Min(Context, edits[0].Old);
        int oldStart = edits[0].Old - before;
        int newStart = edits[0].New - before;
        int oldEnd = Math.Min(old.Count, edits[^1].Old + edits[^1].OldCount + Context);
        int newEnd = edits[^1].New + edits[^1].NewCount + (oldEnd - edits[^1].Old - edits[^1].OldCount);
        lines.Add($"@@ -{Range(oldStart, oldEnd - oldStart)} +{Range(newStart, newEnd - newStart)} @@");
        int at = oldStart;
        foreach (LineDiff.Edit edit in edits)
        {
            Add(lines, ' ', old, at, edit.Old);
            Add(lines, '-', old, edit.Old, edit.Old + edit.OldCount);
            Add(lines, '+', @new, edit.New, edit.New + edit.NewCount);
            at = edit.Old + edit.OldCount;
        }

        Add(lines, ' ', old, at, oldEnd);
    }

    private static void Add(List<string> lines, char mark, IReadOnlyList<string> text, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            bool isEnded = text[i].EndsWith('\n');
            lines.Add(mark + (isEnded ? text[i][..^1] : text[i]));
            if (!isEnded)
            {
                lines.Add(NoNewline);
            }
        }
    }

    // As diff(1): of nothing, the line before it.
    private static string Range(int start, int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(count == 0 ? start : start + 1)}{(count == 1 ? "" : "," + count.ToString(CultureInfo.InvariantCulture))}"
        );

    private static string[]? Lines(SysResult<FileFd> opened)
    {
        if (!opened.Ok)
        {
            return null;
        }

        using FileFd file = opened.Value;
        SysResult<byte[]> read = Files.ReadToEnd(file, LargestFile);
        if (!read.Ok || read.Value.AsSpan().Contains((byte)0))
        {
            return null;
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(read.Value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        List<string> lines = [];
        for (int start = 0; start < text.Length; )
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return [.. lines];
    }
}
