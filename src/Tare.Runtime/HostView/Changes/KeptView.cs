using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// The directory of one view: its layers, what is known about it, and how far its changes have been applied. Owns the
/// directory's lock.
/// </summary>
public sealed class KeptView : IDisposable
{
    private const string LayersName = "layers";
    private const string RecordName = "record";
    private const string EndName = "end";
    private const string ChangesName = "changes";
    private const string RefusedName = "refused";
    private const string ProgressName = "progress";
    private const string MovedName = "moved";
    private const FileModes DirectoryMode = (FileModes)0x1C0; // rwx------
    private const FileModes FileMode = (FileModes)0x180; // rw-------
    private const int Largest = 1 << 30;
    private readonly string root;
    private readonly DirectoryFd directory;

    private KeptView(string root, string id, DirectoryFd directory)
    {
        this.root = root;
        this.directory = directory;
        Id = id;
        Record = Read(RecordName) is { } bytes ? KeptViewRecord.TryRead(bytes) : null;
    }

    /// <summary>What people call it by.</summary>
    public string Id { get; }

    /// <summary>Where it is, absolute.</summary>
    public string Path => $"{root}/{Id}";

    /// <summary>The directory that the view's layers are made in, absolute.</summary>
    public string LayersPath => $"{Path}/{LayersName}";

    /// <summary>What is known about it; null of one whose maker was killed before that was written down.</summary>
    public KeptViewRecord? Record { get; private set; }

    /// <summary>The exit status of the program; null of one that was killed together with the view.</summary>
    public int? ExitCode =>
        Read(EndName) is { } bytes
        && int.TryParse(Encoding.ASCII.GetString(bytes).TrimEnd('\n'), CultureInfo.InvariantCulture, out int code)
            ? code
            : null;

    /// <summary>Its changes were being applied, and that did not come to its end.</summary>
    public bool IsBeingApplied => Files.FAccessAt2(directory, ChangesName, AccessModes.F_OK).Ok;

    /// <summary>All that could be applied was, and somebody has to decide about the rest.</summary>
    public bool IsRefused => Files.FAccessAt2(directory, RefusedName, AccessModes.F_OK).Ok;

    /// <summary>Opens one that nobody works with; null where somebody does, or it is gone.</summary>
    internal static KeptView? TryLock(string root, string id)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, $"{root}/{id}", OpenFlags.O_NOFOLLOW);
        if (!opened.Ok)
        {
            return null;
        }

        DirectoryFd own = opened.Value;
        if (
            Files.FLock(own, LockOperation.LOCK_EX | LockOperation.LOCK_NB).Ok
            && Files.StatX(own) is { Ok: true, Value.LinkCount: > 0 } status
            && status.Value.UserId == Credentials.GetEffectiveUid()
        )
        {
            return new KeptView(root, id, own);
        }

        own.Dispose();
        return null;
    }

    internal void Begin(KeptViewRecord record)
    {
        Files.MkdirAt(directory, LayersName, DirectoryMode).OrThrow("make the directory", LayersPath);
        Write(RecordName, record.Write());
        Record = record;
    }

    /// <summary>The program has ended: from now on the changes are kept until they are applied or dropped.</summary>
    public void End(int exitCode) =>
        Write(EndName, Encoding.ASCII.GetBytes(exitCode.ToString(CultureInfo.InvariantCulture) + "\n"));

    /// <summary>What is not applied now is left for somebody to decide.</summary>
    public void Refuse() => Write(RefusedName, []);

    /// <summary>Opens the directories of the parts, in order.</summary>
    /// <exception cref="KernelException">A directory of the machine is not there any more.</exception>
    public IReadOnlyList<PartLayers> OpenLayers()
    {
        using DirectoryFd layers = Files.OpenDirectoryAt(directory, LayersName).OrThrow("open", LayersPath);
        List<PartLayers> all = [];
        try
        {
            foreach (ChangedPart part in Parts)
            {
                all.Add(PartLayers.Open(part, layers));
            }

            return all;
        }
        catch
        {
            all.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <summary>What the program did; once it is being applied, what was decided to be applied.</summary>
    /// <param name="layers">The directories of the parts.</param>
    /// <exception cref="KernelException">Something cannot be read.</exception>
    public ChangeSet Compute(IReadOnlyList<PartLayers> layers)
    {
        if (Read(ChangesName) is { } text)
        {
            return ChangeSetText.Read(text);
        }

        // When this was written is when the view was made, by the clock that stamps files.
        FileTime since = FileFacts
            .Of(
                Files
                    .StatX(directory, RecordName, AtFlags.AT_SYMLINK_NOFOLLOW)
                    .OrThrow("look at", $"{Path}/{RecordName}")
            )
            .Modified;
        LayerModes modes = LayerModes.Open(directory);
        ScanResult result = new();
        for (int i = 0; i < layers.Count; i++)
        {
            LayerScan.Run(i, Parts[i].Path, layers[i], modes, since, result);
        }

        return new ChangeSet
        {
            Parts = Parts,
            Since = since,
            Changes = [.. result.Changes, .. result.Deletions],
            Replaced = result.Replaced,
        };
    }

    /// <summary>Writes down what is about to be applied, unless that was done before; opens the list of what was done.</summary>
    internal ApplyJournal OpenJournal(ChangeSet set)
    {
        if (!IsBeingApplied)
        {
            Write(ChangesName, ChangeSetText.Write(set));
            Files.FSync(directory).OrThrow("fsync", Path);
        }

        Files.UnlinkAt(directory, RefusedName);
        FileFd progress = Files
            .OpenAt(directory, ProgressName, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_APPEND, FileMode)
            .OrThrow("open", $"{Path}/{ProgressName}");
        return new ApplyJournal(progress);
    }

    internal LayerModes OpenModes() => LayerModes.Open(directory);

    /// <summary>Makes an empty directory for copies of what the program moved; one that a killed call has left goes.</summary>
    internal DirectoryFd MakeMovedDirectory()
    {
        string path = $"{Path}/{MovedName}";
        TreeRemoval.Remove(directory, MovedName).OrThrow("remove", path);
        Files.MkdirAt(directory, MovedName, DirectoryMode).OrThrow("make the directory", path);
        return Files.OpenDirectoryAt(directory, MovedName).OrThrow("open", path);
    }

    /// <summary>Opens that directory, for look-ups.</summary>
    internal SysResult<DirectoryFd> OpenMovedDirectory() =>
        Files.OpenDirectoryAt(directory, MovedName, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);

    /// <summary>Removes all of it.</summary>
    /// <exception cref="KernelException">Something cannot be removed.</exception>
    public void Drop()
    {
        // The record goes first: what is left of one without it is removed by the next.
        Files.UnlinkAt(directory, EndName);
        Files.UnlinkAt(directory, ChangesName);
        using DirectoryFd parent = Files.OpenDirectoryAt(null, root).OrThrow("open", root);
        TreeRemoval.Remove(parent, Id).OrThrow("remove", Path);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // A child that another thread is starting may have a copy of the descriptor for a moment.
        if (!directory.IsClosed)
        {
            Files.FLock(directory, LockOperation.LOCK_UN);
        }

        directory.Dispose();
    }

    // Without them nothing would seem to have been changed.
    private IReadOnlyList<ChangedPart> Parts =>
        Record?.Parts
        ?? throw new ContainerException($"the record of the changes '{Id}' is damaged (tare try --resume {Id} --drop)");

    private byte[]? Read(string name)
    {
        SysResult<byte[]> read = Files.ReadAllAt(directory, name, Largest);
        return read.Errno == Errno.ENOENT ? null : read.OrThrow("read", $"{Path}/{name}");
    }

    // Whoever reads sees all of it or nothing.
    private void Write(string name, ReadOnlySpan<byte> content)
    {
        string draft = name + ".new";
        using (
            FileFd file = Files
                .OpenAt(directory, draft, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, FileMode)
                .OrThrow("open", $"{Path}/{draft}")
        )
        {
            Files.WriteAll(file, content).OrThrow("write", $"{Path}/{draft}");
            Files.FSync(file).OrThrow("fsync", $"{Path}/{draft}");
        }

        Files.RenameAt(directory, draft, directory, name).OrThrow("rename", $"{Path}/{draft}");
    }
}
