using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// Does to the machine what a program did in a view of it. Each file is made beside its place and put there by one rename:
/// whoever looks sees the old one or the new one, whole. What a killed one has done is on record, and the next goes on.
/// </summary>
/// <remarks>
/// A file that is not any more what the changes were computed against is left alone and told. A directory of which only
/// permissions change gets the last of them when all that lies in it is done.
/// </remarks>
/// <param name="view">Where the changes are kept. Not owned.</param>
/// <param name="set">The changes.</param>
/// <param name="layers">The directories of the parts. Not owned.</param>
public sealed partial class ChangeApplier(KeptView view, ChangeSet set, IReadOnlyList<PartLayers> layers)
{
    private const FileModes Mine = FileModes.S_IRUSR | FileModes.S_IWUSR | FileModes.S_IXUSR;

    private const ChangeAspects InPlace =
        ChangeAspects.Mode | ChangeAspects.Owner | ChangeAspects.Time | ChangeAspects.Attributes;

    private readonly ApplyCheck check = new(set);
    private readonly LayerModes modes = view.OpenModes();
    private readonly MovedSources moved = new(view, set);

    /// <summary>What the machine has changed meanwhile is overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>Called before each step that changes something. For tests, which end the process there.</summary>
    public Action? BeforeStep { get; init; }

    /// <summary>Applies all that was not applied before.</summary>
    /// <returns>What was not applied.</returns>
    /// <exception cref="KernelException">The journal cannot be written, or a disk cannot.</exception>
    public IReadOnlyList<ApplyRefusal> Run()
    {
        Step();
        if (!view.IsBeingApplied)
        {
            moved.Save(layers, Step);
        }

        using ApplyJournal journal = view.OpenJournal(set);
        List<ApplyRefusal> refusals = [];
        for (int i = 0; i < set.Changes.Count; i++)
        {
            if (!journal.IsDone(i) && Try(() => Apply(journal, i), i) is { } refusal)
            {
                refusals.Add(refusal);
            }
        }

        for (int i = set.Changes.Count - 1; i >= 0; i--)
        {
            bool waits = set.Changes[i].After is { IsDirectory: true } && journal.IsDone(i) && !journal.IsFinished(i);
            if (waits && Try(() => FinishDirectory(journal, i), i) is { } refusal)
            {
                refusals.Add(refusal);
            }
        }

        foreach (PartLayers part in layers)
        {
            Step();
            using DirectoryFd top = Files.OpenDirectoryAt(part.Machine, ".").OrThrow("open");
            Files.SyncFs(top).OrThrow("syncfs");
        }

        return refusals;
    }

    /// <summary>Removes what a killed one has left beside the places of files, as nothing more is going to be applied.</summary>
    public void Abandon()
    {
        using ApplyJournal journal = view.OpenJournal(set);
        for (int i = 0; i < set.Changes.Count; i++)
        {
            if (!journal.IsDone(i) && !set.Changes[i].Path.IsEmpty)
            {
                (BytePath folder, _) = PathBytes.Split(set.Changes[i].Path);
                SysResult<DirectoryFd> parent = PartLayers.FindDirectory(layers[set.Changes[i].Part].Machine, folder);
                if (parent.Ok)
                {
                    using DirectoryFd directory = parent.Value;
                    TreeRemoval.Remove(directory, DraftName(i));
                }
            }
        }
    }

    private ApplyRefusal? Try(Func<string?> apply, int index)
    {
        try
        {
            return apply() is { } conflict ? new ApplyRefusal(set.Changes[index], conflict, IsConflict: true) : null;
        }
        catch (KernelException e)
        {
            return new ApplyRefusal(set.Changes[index], e.Message, IsConflict: false);
        }
    }

    private string? Apply(ApplyJournal journal, int index)
    {
        Change change = set.Changes[index];
        string path = set.TargetOf(change).ToString();
        (BytePath folder, BytePath name) = change.Path.IsEmpty ? (BytePath.Empty, ".") : PathBytes.Split(change.Path);
        SysResult<DirectoryFd> opened = PartLayers.FindDirectory(layers[change.Part].Machine, folder);
        if (change.Kind == ChangeKind.Deleted && opened.Errno == Errno.ENOENT)
        {
            journal.Done(index);
            return null;
        }

        using DirectoryFd parent = opened.OrThrow("open the directory of", path);
        SysResult<FileFacts> looked = PartLayers.Look(parent, name);
        FileFacts? there = looked.Errno == Errno.ENOENT ? null : looked.OrThrow("look at", path);
        bool wasBegun = there is not null && journal.Intended(index) == there.Inode;
        bool isInPlace = IsInPlace(change, there);
        if (wasBegun && !isInPlace)
        {
            return Clear(journal, index, parent, path);
        }

        RemoveDraft(parent, index, path);
        if (!wasBegun && !Force && check.Conflict(change, there, parent, name) is { } conflict)
        {
            return conflict;
        }

        if (change.Kind == ChangeKind.Deleted)
        {
            return Delete(journal, index, parent, name, there, path);
        }

        return isInPlace
            ? SetInPlace(journal, index, parent, name, there!, path)
            : Put(journal, index, parent, name, there, path);
    }

    // Where a file has other names, only the name that the program changed becomes another.
    private static bool IsInPlace(Change change, FileFacts? there) =>
        change.After is { } after
        && there is not null
        && after.Type == there.Type
        && (
            after.IsDirectory
            || (
                after.IsRegular
                && change is { Before.LinkCount: 1, Aspects: not ChangeAspects.None }
                && (change.Aspects & ~InPlace) == 0
            )
        );

    private string? Delete(
        ApplyJournal journal,
        int index,
        DirectoryFd parent,
        BytePath name,
        FileFacts? there,
        string path
    )
    {
        Change change = set.Changes[index];
        if (there is not null)
        {
            if (moved.Waits(journal, change, withBelow: false))
            {
                return MovedSources.Waiting;
            }

            Step();
            SysResult removed = Files.UnlinkAt(parent, name, there.IsDirectory ? AtFlags.AT_REMOVEDIR : AtFlags.None);
            if (removed.Errno is Errno.ENOTEMPTY or Errno.EEXIST)
            {
                if (!Force)
                {
                    return "it holds what the program did not delete";
                }

                if (moved.Waits(journal, change, withBelow: true))
                {
                    return MovedSources.Waiting;
                }

                removed = TreeRemoval.Remove(parent, name);
            }

            removed.OrThrow("delete", path);
        }

        Step();
        journal.Done(index);
        return null;
    }

    // Content stays where it is. Permissions that a file may lose come after those that it may gain by its owner.
    private string? SetInPlace(
        ApplyJournal journal,
        int index,
        DirectoryFd parent,
        BytePath name,
        FileFacts there,
        string path
    )
    {
        Change change = set.Changes[index];
        FileFacts after = change.After!;
        using FileFd found = PartLayers.Find(parent, name).OrThrow("open", path);
        if (Files.StatX(found).OrThrow("look at", path).Inode != there.Inode)
        {
            return "it was changed on the machine meanwhile";
        }

        Step();
        journal.Intend(index, there.Inode);
        Step();
        if (after.IsDirectory)
        {
            // What lies in it has to be reached first.
            if ((there.Mode & Mine) != Mine)
            {
                Chmod(found, there.Mode | Mine, path);
            }

            // Later the source is deleted.
            if (change.MovedFrom is not null)
            {
                SetAttributes(index, found, path);
            }
        }
        else
        {
            SetProperties(index, found, path);
        }

        Step();
        journal.Done(index);
        return null;
    }

    private string? Put(
        ApplyJournal journal,
        int index,
        DirectoryFd parent,
        BytePath name,
        FileFacts? there,
        string path
    )
    {
        Change change = set.Changes[index];
        string draft = DraftName(index);
        if (there is not null && moved.Waits(journal, change, there.IsDirectory))
        {
            return MovedSources.Waiting;
        }

        Step();
        if (TryLink(journal, change, index, parent, draft))
        {
            Replace(parent, draft, name, there, change.After!, path);
            return Clear(journal, index, parent, path);
        }

        SysResult<FileFd> saved = moved.Find(index);
        using FileFd found = saved.Ok
            ? saved.Value
            : new ChangeSource(layers[change.Part], modes).Find(change).OrThrow("open what becomes of", path);
        FileFacts after = change.After!;
        if (change.MovedFrom is not null && !saved.Ok && !MovedSources.IsStill(found, after))
        {
            FileFacts now = FileFacts.Of(Files.StatX(found).OrThrow("look at what becomes of", path));
            if (!Force || now.Type != after.Type)
            {
                return "what the program moved there was changed on the machine meanwhile";
            }

            after = after with { Size = now.Size, Modified = now.Modified };
        }

        using FileFd? content = after.IsRegular || after.IsDirectory ? OpenSource(index, path) : null;

        using StagedFile staged = StagedFile.Make(found, content, after, parent, draft, path);
        Step();
        journal.Intend(index, staged.Inode);
        Step();
        if (!staged.HasName && there is null)
        {
            SysResult linked = staged.Link(parent, name);
            if (linked.Errno == Errno.EEXIST)
            {
                return "the machine has a file there by now";
            }

            linked.OrThrow("write", path);
        }
        else
        {
            if (!staged.HasName)
            {
                staged.Link(parent, draft).OrThrow("write", path);
                Step();
            }

            Replace(parent, draft, name, there, after, path);
        }

        return Clear(journal, index, parent, path);
    }

    private static void Replace(
        DirectoryFd parent,
        string draft,
        BytePath name,
        FileFacts? there,
        FileFacts after,
        string path
    )
    {
        // A directory is no file's to replace, nor the other way round: they change places.
        RenameFlags flags =
            there is null ? RenameFlags.RENAME_NOREPLACE
            : there.IsDirectory || after.IsDirectory ? RenameFlags.RENAME_EXCHANGE
            : RenameFlags.None;
        Files.RenameAt(parent, draft, parent, name, flags).OrThrow("write", path);
    }

    // Another name of a file that is in place already.
    private bool TryLink(ApplyJournal journal, Change change, int index, DirectoryFd parent, string draft)
    {
        if (change is not { LinkTo: { } first, MovedFrom: null })
        {
            return false;
        }

        SysResult<FileFd> found = PartLayers.Find(layers[change.Part].Machine, first);
        if (!found.Ok)
        {
            return false;
        }

        using FileFd file = found.Value;
        FileFacts facts = FileFacts.Of(Files.StatX(file).OrThrow("look at", first.ToString()));
        FileFacts after = change.After!;
        bool isIt =
            facts.Mode == after.Mode
            && facts.Uid == after.Uid
            && facts.Gid == after.Gid
            && facts.Size == after.Size
            && facts.Modified == after.Modified;
        if (!isIt)
        {
            return false;
        }

        SysResult linked = Files.LinkAt(null, $"/proc/self/fd/{file.Number}", parent, draft, AtFlags.AT_SYMLINK_FOLLOW);
        if (linked.Ok)
        {
            Step();
            journal.Intend(index, facts.Inode);
            Step();
        }

        return linked.Ok;
    }

    private string? Clear(ApplyJournal journal, int index, DirectoryFd parent, string path)
    {
        RemoveDraft(parent, index, path);
        Step();
        journal.Done(index);
        return null;
    }

    private void RemoveDraft(DirectoryFd parent, int index, string path)
    {
        string draft = DraftName(index);
        if (PartLayers.Look(parent, draft).Errno != Errno.ENOENT)
        {
            Step();
            TreeRemoval.Remove(parent, draft).OrThrow("remove what was beside", path);
        }
    }

    private string? FinishDirectory(ApplyJournal journal, int index)
    {
        Change change = set.Changes[index];
        string path = set.TargetOf(change).ToString();
        using FileFd found = PartLayers.Find(layers[change.Part].Machine, change.Path).OrThrow("open", path);
        FileFacts facts = FileFacts.Of(Files.StatX(found).OrThrow("look at", path));
        if (!facts.IsDirectory || (journal.Intended(index) is { } inode && inode != facts.Inode))
        {
            return "the machine has another file there by now";
        }

        Step();
        SetProperties(index, found, path);
        Step();
        journal.Finish(index);
        return null;
    }

    private string DraftName(int index) => string.Create(CultureInfo.InvariantCulture, $".tare-{view.Id}-{index}");

    private void Step() => BeforeStep?.Invoke();
}
