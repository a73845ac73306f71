using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A mounted resctrl file system: shares of caches and of memory bandwidth, a directory for each class of service, in which
/// the kernel makes the files. Everything in it is reached from one descriptor of its root; it has no symlinks.
/// Documentation/filesystems/resctrl.rst.
/// </summary>
public class ResctrlTree : IDisposable
{
    private const FileModes GroupMode = (FileModes)0x1ed; // rwxr-xr-x
    private readonly DirectoryFd root;

    /// <summary>Opens it.</summary>
    /// <exception cref="KernelException">It is not there.</exception>
    public ResctrlTree(string mountPoint)
    {
        MountPoint = mountPoint;
        root = Files.OpenDirectoryAt(null, mountPoint, OpenFlags.O_PATH).OrThrow("open", mountPoint);
    }

    /// <summary>Where it is mounted.</summary>
    public string MountPoint { get; }

    /// <summary>Where the first one is mounted that this process sees; null where there is none.</summary>
    public static string? FindMountPoint()
    {
        foreach (MountEntry mount in MountInfo.Read().OrThrow("read", "/proc/thread-self/mountinfo"))
        {
            if (mount.Type == "resctrl")
            {
                return mount.MountPoint.ToString();
            }
        }

        return null;
    }

    /// <summary>There is such a group or file.</summary>
    public bool Has(string path) => path.Length == 0 || Files.FAccessAt2(root, path, AccessModes.F_OK).Ok;

    /// <summary>Makes a group. ENOSPC: the processor has no number left for it.</summary>
    public virtual SysResult Make(string group) => Files.MkdirAt(root, group, GroupMode);

    /// <summary>Removes a group; its processes then belong to the default one.</summary>
    public virtual SysResult Remove(string group) => Files.UnlinkAt(root, group, AtFlags.AT_REMOVEDIR);

    /// <summary>Writes to a file. EINVAL: see <see cref="Failure"/>.</summary>
    public virtual SysResult Write(string file, string value) =>
        Files.WriteValueAt(root, file, Encoding.UTF8.GetBytes(value));

    /// <summary>A file's content; null if it is not there or cannot be read.</summary>
    public string? Read(string file)
    {
        SysResult<byte[]> read = Files.ReadAllAt(root, file);
        return read.Ok ? Encoding.UTF8.GetString(read.Value) : null;
    }

    /// <summary>The names in a directory; none where it is not there.</summary>
    public IReadOnlyList<string> List(string folder)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(root, folder);
        if (!opened.Ok)
        {
            return [];
        }

        using DirectoryFd directory = opened.Value;
        return [.. (DirectoryEntries.Read(directory).Value ?? []).Select(entry => entry.Name.ToString())];
    }

    /// <summary>Opens the file by which a process enters a group.</summary>
    /// <exception cref="KernelException">It cannot be opened.</exception>
    public FileFd OpenTasks(string group) =>
        Files.OpenAt(root, Join(group, "tasks"), OpenFlags.O_WRONLY).OrThrow("open", PathOf(Join(group, "tasks")));

    /// <summary>The path of something in a group.</summary>
    public static string Join(string group, string name) => group.Length == 0 ? name : $"{group}/{name}";

    /// <summary>The absolute path, for people.</summary>
    public string PathOf(string path) => path.Length == 0 ? MountPoint : $"{MountPoint}/{path}";

    /// <summary>An error with the reason that the kernel wrote down.</summary>
    public KernelException Failure(Errno errno, string call, string path, string property)
    {
        string? reason = Read("info/last_cmd_status")?.Trim();
        return new KernelException(
            errno,
            call,
            PathOf(path),
            reason is null or "" or "ok" ? property : $"{property}: {reason}"
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the descriptor.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            root.Dispose();
        }
    }
}
