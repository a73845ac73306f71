using System.Globalization;
using System.Text;
using Spectre.Console;
using Tare.Cli.Reporting;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>Changes for people, on standard error: a line each, then how many.</summary>
internal static class ChangeTable
{
    private const FileModes Permissions = (FileModes)0xFFF; // 07777

    /// <summary>Writes the table.</summary>
    public static void Write(ChangeSet set)
    {
        if (set.Changes.Count == 0)
        {
            Log.Decided("nothing was changed");
            return;
        }

        Table table = Tables.Plain(4);
        foreach (Change change in ByPath(set))
        {
            table.AddRow(
                new Text(Letter(change), StyleOf(change.Kind)),
                new Text(PathText.Of(set.PathOf(change)) + (IsDirectory(change) ? "/" : "")),
                new Text(Sizes(change)),
                new Text(Details(change))
            );
        }

        Tables.WriteErrors(table);
        Output.WriteError($"tare: {Sum(set)}\n");
    }

    /// <summary>Writes the differences of the text files.</summary>
    public static void WriteDiffs(ChangeSet set, IReadOnlyList<PartLayers> layers)
    {
        foreach (Change change in ByPath(set))
        {
            if (TextDiff.Of(change, layers[change.Part]) is not { Count: > 0 } lines)
            {
                continue;
            }

            string path = PathText.Of(set.PathOf(change));
            StringBuilder text = new();
            text.Append("--- ").Append(change.Before is null ? "/dev/null" : path).Append('\n');
            text.Append("+++ ").Append(change.After is null ? "/dev/null" : path).Append('\n');
            foreach (string line in lines)
            {
                text.Append(PathText.Of(Encoding.UTF8.GetBytes(line), keepTabs: true)).Append('\n');
            }

            Output.WriteError(text.ToString());
        }
    }

    /// <summary><c>A</c>, <c>M</c> or <c>D</c>.</summary>
    public static string Letter(Change change) =>
        change.Kind switch
        {
            ChangeKind.Added => "A",
            ChangeKind.Modified => "M",
            _ => "D",
        };

    /// <summary>The changes in the order of their paths.</summary>
    public static IReadOnlyList<Change> ByPath(ChangeSet set)
    {
        List<(BytePath Path, Change Change)> all = [.. set.Changes.Select(change => (set.PathOf(change), change))];
        all.Sort((left, right) => left.Path.Bytes.SequenceCompareTo(right.Path.Bytes));
        return [.. all.Select(pair => pair.Change)];
    }

    /// <summary>How many of each.</summary>
    public static string Sum(ChangeSet set)
    {
        int Count(ChangeKind kind) => set.Changes.Count(change => change.Kind == kind);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(ChangeKind.Added)} added, {Count(ChangeKind.Modified)} modified, {Count(ChangeKind.Deleted)} deleted"
        );
    }

    private static Style StyleOf(ChangeKind kind) =>
        new(
            kind switch
            {
                ChangeKind.Added => Color.Green,
                ChangeKind.Modified => Color.Yellow,
                _ => Color.Red,
            }
        );

    private static bool IsDirectory(Change change) => (change.After ?? change.Before)!.IsDirectory;

    private static string Sizes(Change change)
    {
        string? before = SizeOf(change.Before);
        string? after = SizeOf(change.After);
        return before is null || after is null || change.Kind != ChangeKind.Modified ? after ?? before ?? ""
            : (change.Aspects & ~ChangeAspects.Content) == change.Aspects && before == after ? before
            : $"{before} → {after}";
    }

    private static string? SizeOf(FileFacts? facts) => facts is { IsRegular: true } ? Words.Size(facts.Size) : null;

    private static string Details(Change change)
    {
        List<string> words = [];
        FileFacts? before = change.Before;
        if (change.After is not { } after)
        {
            return change.IsStale ? "changed on the machine meanwhile" : "";
        }

        if (!after.IsRegular && !after.IsDirectory)
        {
            words.Add(TypeOf(after.Type));
        }

        if (change.LinkTo is not null)
        {
            words.Add("hard link");
        }

        if (change.MovedFrom is not null)
        {
            words.Add("moved");
        }

        if (before is null)
        {
            AddPrivileges(words, after);
        }
        else
        {
            AddDifferences(words, change, before, after);
        }

        if (change.IsStale)
        {
            words.Add("changed on the machine meanwhile");
        }

        return string.Join(", ", words);
    }

    // What gives a program more than its caller has is said in any case.
    private static void AddPrivileges(List<string> words, FileFacts after)
    {
        if (after.IsRegular && (after.Mode & (FileModes.S_ISUID | FileModes.S_ISGID)) != 0)
        {
            words.Add("mode " + Octal(after.Mode));
        }
    }

    private static void AddDifferences(List<string> words, Change change, FileFacts before, FileFacts after)
    {
        if (change.Aspects.HasFlag(ChangeAspects.Type))
        {
            words.Add($"was a {TypeOf(before.Type)}");
        }

        if (change.Aspects.HasFlag(ChangeAspects.Mode))
        {
            words.Add($"mode {Octal(before.Mode)} → {Octal(after.Mode)}");
        }
        else
        {
            AddPrivileges(words, after);
        }

        if (change.Aspects.HasFlag(ChangeAspects.Owner))
        {
            words.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"owner {before.Uid}:{before.Gid} → {after.Uid}:{after.Gid}"
                )
            );
        }

        if (change.Aspects.HasFlag(ChangeAspects.Attributes))
        {
            words.Add("attributes");
        }

        if (change.Aspects == ChangeAspects.Time)
        {
            words.Add("time");
        }
    }

    private static string Octal(FileModes mode) => Convert.ToString((int)(mode & Permissions), 8).PadLeft(4, '0');

    /// <summary>The type in a word.</summary>
    internal static string TypeOf(FileModes type) =>
        type switch
        {
            FileModes.S_IFDIR => "directory",
            FileModes.S_IFLNK => "symlink",
            FileModes.S_IFIFO => "FIFO",
            FileModes.S_IFSOCK => "socket",
            FileModes.S_IFCHR => "character device",
            FileModes.S_IFBLK => "block device",
            _ => "file",
        };
}
