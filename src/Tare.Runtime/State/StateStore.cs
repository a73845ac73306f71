using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.State;

/// <summary>
/// Where the state of containers is kept: one directory for each below a root. Nothing else knows about the files in it.
/// </summary>
/// <remarks>
/// <para>Locks: the container's directory itself for whatever changes the container; the mark, a file in
/// <c>@in-progress</c>, while it is made or removed. Nobody waits for the second, so that there is no order among them.</para>
/// <para>A mark is locked only after it has been created, and another process may come in between. So an empty one says
/// nothing about a container that has a record; something is written into it once the container is its owner's.</para>
/// </remarks>
public sealed class StateStore
{
    private const FileModes RootMode = (FileModes)0x1c0; // rwx------
    private const FileModes DirectoryMode = (FileModes)0x1c9; // rwx--x--x
    private const FileModes MarkMode = (FileModes)0x180; // rw-------
    private const int MarkAttempts = 1_000;
    private readonly string root;

    /// <summary>Opens nothing yet; a root that does not exist holds no containers.</summary>
    /// <param name="root">The absolute path of the directory.</param>
    public StateStore(string root) => this.root = root;

    /// <summary>The filter of a profile on system calls, compiled now or before; null where there is no profile.</summary>
    /// <exception cref="Validation.SpecException">It is longer than the kernel takes.</exception>
    public SocketFilter[]? FilterOf(Oci.SeccompSpec? profile) =>
        FilterCache.Get(root, profile, Planning.LaunchContext.ThisProcessor);

    /// <summary>Reserves an id: makes its directory, marked as in progress by this process.</summary>
    /// <exception cref="ContainerException">A container of this id exists.</exception>
    /// <exception cref="KernelException">The root cannot be written to.</exception>
    public StateDirectory Reserve(ContainerId id)
    {
        using DirectoryFd directory = OpenOrMakeRoot();
        FileFd mark = Mark(directory, id);
        SysResult made = Files.MkdirAt(directory, id.Text, DirectoryMode);
        if (!made.Ok)
        {
            Drop(mark, id);
            throw made.Errno == Errno.EEXIST
                ? Exists(id)
                : new KernelException(made.Errno, "mkdir", $"{root}/{id.Text}");
        }

        try
        {
            DirectoryFd own = Files.OpenDirectoryAt(directory, id.Text).OrThrow("open", $"{root}/{id.Text}");
            return new StateDirectory(this, id, own, mark);
        }
        catch
        {
            Files.UnlinkAt(directory, id.Text, AtFlags.AT_REMOVEDIR);
            Drop(mark, id);
            throw;
        }
    }

    /// <summary>Opens the state of a container.</summary>
    /// <exception cref="ContainerException">There is no container of this id.</exception>
    public StateDirectory Open(ContainerId id) => TryOpen(id) ?? throw ContainerException.Missing(id);

    /// <summary>Opens the state of a container; null if there is none of this id.</summary>
    public StateDirectory? TryOpen(ContainerId id)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, $"{root}/{id.Text}");
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }

        return new StateDirectory(this, id, opened.OrThrow("open", $"{root}/{id.Text}"), null);
    }

    /// <summary>The ids of all containers, in order.</summary>
    public IReadOnlyList<ContainerId> List()
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, root);
        if (opened.Errno == Errno.ENOENT)
        {
            return [];
        }

        using DirectoryFd directory = opened.OrThrow("open", root);
        foreach (DirectoryEntry entry in DirectoryEntries.Read(directory).OrThrow("read", root))
        {
            if (entry.Type == FileModes.S_IFDIR)
            {
                names.Add(entry.Name.ToString());
            }
        }

        // What is no id is not this program's.
        List<ContainerId> ids = new(names.Count);
        foreach (string name in names)
        {
            if (ContainerId.TryParse(name) is { } id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>
    /// The containers whose makers or removers were killed: marked as in progress while nobody holds the mark. Each comes
    /// with its mark, so that one process alone cleans it up.
    /// </summary>
    public IReadOnlyList<StateDirectory> TakeAbandoned()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, $"{root}/{StateFiles.InProgress}");
        if (!opened.Ok)
        {
            return [];
        }

        using DirectoryFd marks = opened.Value;
        List<StateDirectory> abandoned = [];
        foreach (DirectoryEntry entry in DirectoryEntries.Read(marks).OrThrow("read", root))
        {
            if (ContainerId.TryParse(entry.Name.ToString()) is { } id && TryTake(marks, id) is { } directory)
            {
                abandoned.Add(directory);
            }
        }

        return abandoned;
    }

    /// <summary>Waits for the process that makes or removes a container, if there is one, to be done with it or to end.</summary>
    internal void WaitForMaker(ContainerId id)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, $"{root}/{StateFiles.InProgress}/{id.Text}", OpenFlags.O_RDONLY);
        if (opened.Ok)
        {
            using FileFd mark = opened.Value;
            Files.FLock(mark, LockOperation.LOCK_SH).OrThrow("flock", $"{root}/{StateFiles.InProgress}/{id.Text}");
        }
    }

    internal SysResult<byte[]> ReadMark(ContainerId id, int limit) =>
        Files.ReadAllAt(null, $"{root}/{StateFiles.InProgress}/{id.Text}", limit);

    /// <summary>Marks a container that is there as in progress; null if some other process does something to it.</summary>
    internal FileFd? TryMark(ContainerId id)
    {
        using DirectoryFd directory = OpenOrMakeRoot();
        if (TryLockMark(directory, id, () => false) is not { } mark)
        {
            return null;
        }

        try
        {
            Own(mark, id);
            return mark;
        }
        catch
        {
            Drop(mark, id);
            throw;
        }
    }

    internal void RemoveMark(ContainerId id) => Files.UnlinkAt(null, $"{root}/{StateFiles.InProgress}/{id.Text}");

    // What somebody else has removed meanwhile is removed.
    internal void RemoveDirectory(ContainerId id)
    {
        SysResult removed = Files.UnlinkAt(null, $"{root}/{id.Text}", AtFlags.AT_REMOVEDIR);
        if (removed.Errno != Errno.ENOENT)
        {
            removed.OrThrow("rmdir", $"{root}/{id.Text}");
        }
    }

    internal string PathOf(ContainerId id) => $"{root}/{id.Text}";

    private StateDirectory? TryTake(DirectoryFd marks, ContainerId id)
    {
        SysResult<FileFd> opened = Files.OpenAt(marks, id.Text, OpenFlags.O_RDWR);
        if (!opened.Ok)
        {
            return null;
        }

        FileFd mark = opened.Value;
        if (!IsLockedHere(mark))
        {
            mark.Dispose();
            return null;
        }

        // An empty mark says nothing about a container that has a record.
        SysResult<DirectoryFd> directory = Files.OpenDirectoryAt(null, $"{root}/{id.Text}");
        bool owned =
            Files.StatX(mark) is { Ok: true, Value.Size: > 0 }
            || (directory.Ok && !Files.FAccessAt2(directory.Value, StateFiles.Record, AccessModes.F_OK).Ok);
        if (directory.Ok && owned)
        {
            return new StateDirectory(this, id, directory.Value, mark);
        }

        // Killed before there was a directory, or before it had to do with the one that is there.
        if (directory.Ok)
        {
            directory.Value.Dispose();
        }

        Drop(mark, id);
        return null;
    }

    /// <summary>Locks a mark that nobody else holds and that has not been removed meanwhile.</summary>
    private static bool IsLockedHere(FileFd mark) =>
        Files.FLock(mark, LockOperation.LOCK_EX | LockOperation.LOCK_NB).Ok
        && Files.StatX(mark) is { Ok: true, Value.LinkCount: > 0 };

    private FileFd Mark(DirectoryFd directory, ContainerId id) =>
        TryLockMark(directory, id, () => Files.FAccessAt2(directory, id.Text, AccessModes.F_OK).Ok) ?? throw Exists(id);

    // Somebody who sweeps may hold the mark for a moment, before it is locked here.
    private FileFd? TryLockMark(DirectoryFd directory, ContainerId id, Func<bool> givesUp)
    {
        for (int i = 0; i < MarkAttempts; i++)
        {
            FileFd mark = OpenMark(directory, id)
                .OrThrow(
                    "make",
                    $"{root}/{StateFiles.InProgress}/{id.Text}",
                    "choose another directory for state by --root, or make room in it"
                );
            if (IsLockedHere(mark))
            {
                return mark;
            }

            mark.Dispose();
            if (givesUp())
            {
                break;
            }

            Thread.Yield();
        }

        return null;
    }

    // Unlinked while it is locked: whoever waits for it then sees that it is gone.
    private void Drop(FileFd mark, ContainerId id)
    {
        RemoveMark(id);
        mark.Dispose();
    }

    private void Own(FileFd mark, ContainerId id) =>
        Files.WriteAll(mark, "!"u8).OrThrow("write", $"{root}/{StateFiles.InProgress}/{id.Text}");

    private static SysResult<FileFd> OpenMark(DirectoryFd directory, ContainerId id)
    {
        string name = $"{StateFiles.InProgress}/{id.Text}";
        const OpenFlags Flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT;
        SysResult<FileFd> opened = Files.OpenAt(directory, name, Flags, MarkMode);
        if (opened.Errno != Errno.ENOENT)
        {
            return opened;
        }

        SysResult made = Files.MkdirAt(directory, StateFiles.InProgress, RootMode);
        return made.Ok || made.Errno == Errno.EEXIST
            ? Files.OpenAt(directory, name, Flags, MarkMode)
            : new SysResult<FileFd>(null!, made.Errno);
    }

    private DirectoryFd OpenOrMakeRoot()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, root);
        if (opened.Errno != Errno.ENOENT)
        {
            return opened.OrThrow("open", root);
        }

        SysResult made = Files.MakeDirectories(root, DirectoryMode);
        opened = Files.OpenDirectoryAt(null, root);
        return opened.Ok
            ? opened.Value
            : throw new KernelException(
                made.Ok ? opened.Errno : made.Errno,
                "make the directory for state",
                root,
                "choose another by --root"
            );
    }

    private static ContainerException Exists(ContainerId id) =>
        new($"container with id '{id.Text}' already exists (delete it, or choose another id)");
}
