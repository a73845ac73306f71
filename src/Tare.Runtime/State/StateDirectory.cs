using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Notification;
using Tare.Runtime.Validation;

namespace Tare.Runtime.State;

/// <summary>
/// What is kept about one container. While it carries the mark, this process is making, accompanying or removing the
/// container, and whoever finds the mark without its lock may remove everything.
/// </summary>
public sealed class StateDirectory : IDisposable
{
    private const FileModes FileMode = (FileModes)0x180; // rw-------
    private const FileModes FolderMode = (FileModes)0x1ED; // rwxr-xr-x
    private const int LargestRecord = 4 << 20;
    private readonly StateStore store;
    private readonly DirectoryFd directory;
    private FileFd? mark;
    private long announced;

    internal StateDirectory(StateStore store, ContainerId id, DirectoryFd directory, FileFd? mark)
    {
        this.store = store;
        this.directory = directory;
        this.mark = mark;
        Id = id;
    }

    /// <summary>Whose state it is.</summary>
    public ContainerId Id { get; }

    /// <summary>The directory's path.</summary>
    public string Path => store.PathOf(Id);

    /// <summary>
    /// Whether a container waits for <c>start</c>: it reads the FIFO until it executes its program, whatever became of the
    /// process that wrote to it.
    /// </summary>
    public bool WaitsForStart
    {
        get
        {
            SysResult<FileFd> start = OpenStart();
            if (start.Ok)
            {
                start.Value.Dispose();
            }

            return start.Ok;
        }
    }

    /// <summary>The mark, which whoever has a copy of its descriptor keeps locked; null without one.</summary>
    internal FileFd? Mark => mark;

    /// <summary>Waits until no other process changes the container, and keeps others waiting until this object is disposed.</summary>
    /// <exception cref="ContainerException">The container was removed meanwhile.</exception>
    public void Lock()
    {
        Files.FLock(directory, LockOperation.LOCK_EX).OrThrow("flock", Path);
        CheckPresence();
    }

    /// <summary>Lets others change the container again.</summary>
    public void Unlock() => Files.FLock(directory, LockOperation.LOCK_UN).OrThrow("flock", Path);

    /// <summary>
    /// Marks the container as in progress, so that what this process begins to remove is removed even if it is killed.
    /// </summary>
    /// <returns>False if some other process makes or removes the container.</returns>
    /// <exception cref="ContainerException">The container was removed meanwhile.</exception>
    public bool TryMark()
    {
        mark = store.TryMark(Id);
        if (mark is null)
        {
            return false;
        }

        try
        {
            CheckPresence();
            return true;
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>
    /// Writes into the mark what is about to be made, so that whoever finds it without its lock knows what to remove. Once
    /// there is a record, what the mark says does not count any more.
    /// </summary>
    public void Announce(ContainerRecord record)
    {
        FileFd file = mark ?? throw new InvalidOperationException("the container is not being made by this process");

        // Behind what was announced before, which holds until the whole of this has been written.
        byte[] text = ContainerRecordWriter.Write(record);
        Files.WriteAllAt(file, text, announced).OrThrow("write the mark of container", Id.Text);
        announced += text.Length;
    }

    /// <summary>Writes the record: whoever reads sees the old one or the new one.</summary>
    public void Write(ContainerRecord record)
    {
        Write(StateFiles.NewRecord, ContainerRecordWriter.Write(record));
        Files
            .RenameAt(directory, StateFiles.NewRecord, directory, StateFiles.Record)
            .OrThrow("rename", $"{Path}/{StateFiles.NewRecord}");
    }

    /// <summary>The record, or what was announced of a container that is being made; null if that was nothing yet.</summary>
    /// <exception cref="ContainerException">It is damaged.</exception>
    public ContainerRecord? TryRead()
    {
        // Once there is a record the mark goes: where neither was found, there may be one by now.
        return TryReadRecord() ?? TryReadAnnounced() ?? TryReadRecord();
    }

    /// <summary>The record.</summary>
    /// <exception cref="ContainerException">There is none, because the container is still being made, or it is damaged.</exception>
    public ContainerRecord Read() => TryRead() ?? throw ContainerException.Missing(Id);

    /// <summary>The bytes of the record, whatever they are; empty where they cannot be read.</summary>
    internal byte[] ReadDamaged() => Files.ReadAllAt(directory, StateFiles.Record, LargestRecord).Value ?? [];

    /// <summary>Keeps the configuration, so that later changes to the bundle have no effect.</summary>
    public void WriteConfiguration(ReadOnlySpan<byte> json) => Write(StateFiles.Configuration, json);

    /// <summary>The configuration as it was when the container was created.</summary>
    public byte[] ReadConfiguration() =>
        Files
            .ReadAllAt(directory, StateFiles.Configuration, (int)Oci.DocumentSize.Limit)
            .OrThrow("read", $"{Path}/{StateFiles.Configuration}");

    /// <summary>Makes the FIFOs by which a created container is started, and opens the container's ends.</summary>
    public (FileFd Start, FileFd Report) MakeFifos()
    {
        foreach (string name in (ReadOnlySpan<string>)[StateFiles.StartFifo, StateFiles.ReportFifo])
        {
            Files.MknodAt(directory, name, FileModes.S_IFIFO | FileMode).OrThrow("make FIFO", $"{Path}/{name}");
        }

        return (OpenFifo(StateFiles.StartFifo, OpenFlags.O_RDWR), OpenFifo(StateFiles.ReportFifo, OpenFlags.O_RDWR));
    }

    /// <summary>The filter of a profile on system calls, compiled now or before; null where there is no profile.</summary>
    /// <exception cref="Validation.SpecException">It is longer than the kernel takes.</exception>
    public SocketFilter[]? FilterOf(Oci.SeccompSpec? profile) => store.FilterOf(profile);

    /// <summary>Opens the end by which a waiting container is let go on. ENXIO: nobody waits.</summary>
    public SysResult<FileFd> OpenStart() =>
        Files.OpenAt(directory, StateFiles.StartFifo, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);

    /// <summary>Opens the end at which a waiting container reports a failure.</summary>
    public FileFd OpenReport() => OpenFifo(StateFiles.ReportFifo, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);

    /// <summary>Makes the directory whose socket hears that the container is ready; others may look into it.</summary>
    public void MakeNotifyFolder()
    {
        Files.MkdirAt(directory, NotifySocket.Folder, FolderMode).OrThrow("make", $"{Path}/{NotifySocket.Folder}");
        Files
            .FChmodAt(directory, NotifySocket.Folder, FolderMode)
            .OrThrow("change the mode of", $"{Path}/{NotifySocket.Folder}");
    }

    /// <summary>Makes the directory that the root is mounted on where the mount namespace is not the container's alone.</summary>
    /// <returns>Its absolute path.</returns>
    public string MakeRootPlace()
    {
        Files.MkdirAt(directory, StateFiles.RootPlace, FolderMode).OrThrow("make", $"{Path}/{StateFiles.RootPlace}");
        return HostPath.FromHere($"{Path}/{StateFiles.RootPlace}");
    }

    /// <summary>Opens a socket in it; the caller's.</summary>
    /// <param name="hostSocket">Where what is heard is said again.</param>
    /// <exception cref="ContainerException">The container was created without.</exception>
    /// <exception cref="KernelException">Nobody listens at the host's socket.</exception>
    public NotifyForwarding OpenNotify(string hostSocket)
    {
        SysResult<DirectoryFd> folder = OpenNotifyFolder();
        if (folder.Errno == Errno.ENOENT)
        {
            throw new ContainerException(
                "NOTIFY_SOCKET: the container was created without it (set it for create too, or unset it)"
            );
        }

        using DirectoryFd opened = folder.OrThrow("open", $"{Path}/{NotifySocket.Folder}");
        return NotifyForwarding.Open(hostSocket, opened, $"{Path}/{NotifySocket.Folder}");
    }

    /// <summary>The container was started and never will be again.</summary>
    public void RemoveFifos()
    {
        Files.UnlinkAt(directory, StateFiles.StartFifo);
        Files.UnlinkAt(directory, StateFiles.ReportFifo);
    }

    /// <summary>The container is made: what becomes of this process does not matter to it any more.</summary>
    public void Release()
    {
        if (mark is not null)
        {
            store.RemoveMark(Id);
            mark.Dispose();
            mark = null;
        }
    }

    /// <summary>Makes sure that a directory without a record is a container's all the same, and not what lay beside them.</summary>
    /// <exception cref="ContainerException">It holds something that no container's does.</exception>
    internal void RefuseOthers()
    {
        foreach (DirectoryEntry entry in ReadEntries().Value ?? [])
        {
            if (!StateFiles.IsOwn(entry.Name))
            {
                throw new ContainerException(
                    $"'{Path}' is no container's directory: it holds '{OneLine.Of(entry.Name.ToString())}' (see --root)"
                );
            }
        }
    }

    /// <summary>Removes the directory and the mark. Preconditions: the mark is this process's.</summary>
    /// <exception cref="KernelException">Something cannot be removed.</exception>
    public void Remove()
    {
        // The record is the last to go: for as long as it is there the container can be seen.
        bool hasRecord = false;
        EmptyNotifyFolder();
        foreach (DirectoryEntry entry in ReadEntries().Value ?? [])
        {
            if (entry.Name == StateFiles.RootPlace)
            {
                FreeRootPlace();
            }

            if (entry.Name == StateFiles.Record)
            {
                hasRecord = true;
                continue;
            }

            Unlink(entry.Name, entry.Type == FileModes.S_IFDIR ? AtFlags.AT_REMOVEDIR : AtFlags.None);
        }

        if (hasRecord)
        {
            Unlink(StateFiles.Record, AtFlags.None);
        }

        store.RemoveDirectory(Id);
        Release();
    }

    /// <summary>
    /// The removal failed: what still has its record is a container as before, the rest is left to the next start.
    /// </summary>
    public void GiveUp()
    {
        if (Files.FAccessAt2(directory, StateFiles.Record, AccessModes.F_OK).Ok)
        {
            Release();
            return;
        }

        mark?.Dispose();
        mark = null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        directory.Dispose();
        mark?.Dispose();
    }

    private ContainerRecord? TryReadRecord()
    {
        SysResult<byte[]> read = Files.ReadAllAt(directory, StateFiles.Record, LargestRecord);
        return read.Errno == Errno.ENOENT
            ? null
            : ContainerRecordReader.Read(read.OrThrow("read", $"{Path}/{StateFiles.Record}"));
    }

    // Of an announcement that was not written to its end nothing has followed.
    private ContainerRecord? TryReadAnnounced()
    {
        SysResult<byte[]> read = store.ReadMark(Id, LargestRecord);
        try
        {
            return read.Ok ? ContainerRecordReader.ReadLast(read.Value) : null;
        }
        catch (ContainerException)
        {
            return null;
        }
    }

    // By now the name may be another container's.
    private void CheckPresence()
    {
        if (Files.StatX(directory) is { Ok: true, Value.LinkCount: 0 })
        {
            throw ContainerException.Missing(Id);
        }
    }

    private void Unlink(BytePath name, AtFlags flags) =>
        Files.UnlinkAt(directory, name, flags).OrThrow("unlink", $"{Path}/{name.ToString()}");

    private SysResult<DirectoryFd> OpenNotifyFolder() =>
        Files.OpenDirectoryAt(directory, NotifySocket.Folder, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW);

    private void EmptyNotifyFolder()
    {
        SysResult<DirectoryFd> opened = OpenNotifyFolder();
        if (opened.Ok)
        {
            using DirectoryFd folder = opened.Value;
            foreach (DirectoryEntry entry in DirectoryEntries.Read(folder).Value ?? [])
            {
                Files.UnlinkAt(folder, entry.Name);
            }
        }
    }

    // The directory on itself, and the root on that. In another mount namespace the kernel unmounts them with the directory.
    private void FreeRootPlace()
    {
        const UnmountFlags Flags = UnmountFlags.MNT_DETACH | UnmountFlags.UMOUNT_NOFOLLOW;
        while (Mounts.Umount2($"{Path}/{StateFiles.RootPlace}", Flags).Ok) { }
    }

    // The directory's own descriptor has a position, which somebody else's reading must not depend on.
    private SysResult<List<DirectoryEntry>> ReadEntries()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(directory, ".");
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using DirectoryFd again = opened.Value;
        return DirectoryEntries.Read(again);
    }

    private FileFd OpenFifo(string name, OpenFlags flags) =>
        Files.OpenAt(directory, name, flags).OrThrow("open", $"{Path}/{name}");

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        using FileFd file = Files
            .OpenAt(directory, name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, FileMode)
            .OrThrow("open", $"{Path}/{name}");
        Files.WriteAll(file, content).OrThrow("write", $"{Path}/{name}");
    }
}
