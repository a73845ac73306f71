using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// The machine's files that a program moved, of which another change takes the place: applying that would leave their
/// content nowhere. They are copied beside the layers before anything is applied, and made again from there.
/// </summary>
/// <param name="view">Where the changes are kept. Not owned.</param>
/// <param name="set">The changes.</param>
internal sealed class MovedSources(KeptView view, ChangeSet set)
{
    /// <summary>Why a file cannot go yet.</summary>
    public const string Waiting = "what the program moved away from there has not been applied";

    private readonly ILookup<(int Part, BytePath From), int> sources = set
        .Changes.Index()
        .Where(pair => pair.Item.MovedFrom is not null)
        .ToLookup(pair => (pair.Item.Part, pair.Item.MovedFrom!.Value), pair => pair.Index);

    /// <summary>Copies them. Preconditions: nothing was applied yet.</summary>
    /// <param name="layers">The directories of the parts.</param>
    /// <param name="step">Called before each step that changes something.</param>
    /// <exception cref="KernelException">A copy cannot be made.</exception>
    public void Save(IReadOnlyList<PartLayers> layers, Action step)
    {
        List<int> all = [.. Endangered()];
        if (all.Count == 0)
        {
            return;
        }

        using DirectoryFd directory = view.MakeMovedDirectory();
        foreach (int index in all)
        {
            step();
            Change change = set.Changes[index];
            ChangeSource source = new(layers[change.Part], null);
            SysResult<FileFd> looked = source.Find(change);
            if (!looked.Ok)
            {
                continue;
            }

            // What is another file by now is found to be so when it is its turn.
            using FileFd found = looked.Value;
            if (IsStill(found, change.After!))
            {
                Copy(change, found, directory, NameOf(index));
            }
        }

        Files.FSync(directory).OrThrow("fsync", view.Path);
    }

    /// <summary>Opens the copy of what a change moved, with O_PATH; ENOENT where none was needed.</summary>
    public SysResult<FileFd> Find(int index)
    {
        if (set.Changes[index].MovedFrom is null)
        {
            return new(null!, Errno.ENOENT);
        }

        SysResult<DirectoryFd> opened = view.OpenMovedDirectory();
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        using DirectoryFd directory = opened.Value;
        return PartLayers.Find(directory, NameOf(index));
    }

    /// <summary>Whether the machine's file in the place of a change is the only copy of what another has to bring yet.</summary>
    /// <param name="journal">What was applied.</param>
    /// <param name="change">The change that would take it away.</param>
    /// <param name="withBelow">It takes away all that lies below too.</param>
    public bool Waits(ApplyJournal journal, Change change, bool withBelow)
    {
        if (sources[(change.Part, change.Path)].Any(IsOnly))
        {
            return true;
        }

        byte[] below = [.. change.Path.Bytes, (byte)'/'];
        return withBelow
            && sources.Any(group =>
                group.Key.Part == change.Part && group.Key.From.Bytes.StartsWith(below) && group.Any(IsOnly)
            );

        bool IsOnly(int index)
        {
            if (journal.IsDone(index))
            {
                return false;
            }

            SysResult<FileFd> saved = Find(index);
            if (saved.Ok)
            {
                saved.Value.Dispose();
            }

            return !saved.Ok;
        }
    }

    /// <summary>Whether what a program moved is still what it was; its other names may have come and gone.</summary>
    public static bool IsStill(FileFd found, FileFacts facts) =>
        Files.StatX(found) is { Ok: true } status
        && facts.IsSameFile(FileFacts.Of(status.Value), sharesInode: facts.LinkCount > 1);

    private void Copy(Change change, FileFd found, DirectoryFd directory, string name)
    {
        string path = set.PathOf(change.Part, change.MovedFrom!.Value).ToString();
        FileFacts facts = change.After!;
        using FileFd? content =
            facts.IsRegular || facts.IsDirectory ? PartLayers.Read(found).OrThrow("read", path) : null;
        using StagedFile staged = StagedFile.Make(found, content, facts, directory, name, path);
        if (!staged.HasName)
        {
            staged.Link(directory, name).OrThrow("write a copy of", path);
        }
    }

    // Those whose own place, or a directory above it, gets something else.
    private IEnumerable<int> Endangered()
    {
        Dictionary<(int, BytePath), Change> replaced = [];
        foreach (Change change in set.Changes.Where(change => change.Kind == ChangeKind.Modified))
        {
            replaced[(change.Part, change.Path)] = change;
        }

        for (int i = 0; i < set.Changes.Count; i++)
        {
            if (set.Changes[i].MovedFrom is { } from && IsReplaced(set.Changes[i].Part, from))
            {
                yield return i;
            }
        }

        bool IsReplaced(int part, BytePath path)
        {
            bool isOwn = true;
            for (BytePath at = path; !at.IsEmpty; at = PathBytes.Split(at).Directory, isOwn = false)
            {
                if (
                    replaced.TryGetValue((part, at), out Change? change)
                    && (isOwn || change.Aspects.HasFlag(ChangeAspects.Type))
                )
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static string NameOf(int index) => index.ToString(CultureInfo.InvariantCulture);
}
