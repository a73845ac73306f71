using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A mounted hierarchy of cgroups. Everything in it is reached from one descriptor of its root, by paths that were
/// parsed once and have no <c>..</c>; a cgroup file system has no symlinks.
/// </summary>
public sealed class CgroupMount : IDisposable
{
    private const FileModes GroupMode = (FileModes)0x1ed; // rwxr-xr-x
    private readonly DirectoryFd root;

    private CgroupMount(string mountPoint, DirectoryFd root)
    {
        MountPoint = mountPoint;
        this.root = root;
    }

    /// <summary>Where it is mounted.</summary>
    public string MountPoint { get; }

    /// <summary>Opens a hierarchy; null if it is not there.</summary>
    public static CgroupMount? Open(string mountPoint)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, mountPoint, OpenFlags.O_PATH);
        return opened.Ok ? new CgroupMount(mountPoint, opened.Value) : null;
    }

    /// <summary>There is a group, or a file, of that path.</summary>
    public bool Exists(string path) => Files.FAccessAt2(root, path, AccessModes.F_OK).Ok;

    /// <summary>This user may write to a file.</summary>
    public bool MayWrite(string file) => Files.FAccessAt2(root, file, AccessModes.W_OK).Ok;

    /// <summary>Makes a group. EEXIST: it is there. EAGAIN: cgroup.max.depth or cgroup.max.descendants is reached.</summary>
    public SysResult Make(string path) => Files.MkdirAt(root, path, GroupMode);

    /// <summary>Removes a group. EBUSY: it has processes, or groups below.</summary>
    public SysResult Remove(string path) => Files.UnlinkAt(root, path, AtFlags.AT_REMOVEDIR);

    /// <summary>Writes a value to a file that is there.</summary>
    public SysResult Write(string file, string value) => Files.WriteValueAt(root, file, Encoding.UTF8.GetBytes(value));

    /// <summary>A file's content; null if it is not there or cannot be read.</summary>
    public string? Read(string file)
    {
        SysResult<byte[]> read = Files.ReadAllAt(root, file);
        return read.Ok ? Encoding.UTF8.GetString(read.Value) : null;
    }

    /// <summary>The names of the groups in a group.</summary>
    public IReadOnlyList<string> ListDirectories(string path)
    {
        List<string> names = [];
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(root, path);
        if (!opened.Ok)
        {
            return names;
        }

        using DirectoryFd directory = opened.Value;
        foreach (DirectoryEntry entry in DirectoryEntries.Read(directory).Value ?? [])
        {
            if (entry.Type == FileModes.S_IFDIR)
            {
                names.Add(entry.Name.ToString());
            }
        }

        return names;
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="KernelException">It cannot be opened.</exception>
    public FileFd OpenFile(string file, OpenFlags flags) =>
        Files.OpenAt(root, file, flags).OrThrow("open", $"{MountPoint}/{file}");

    /// <summary>Opens a group's directory for reading.</summary>
    /// <exception cref="KernelException">It cannot be opened.</exception>
    public DirectoryFd OpenDirectory(string path) =>
        Files.OpenDirectoryAt(root, path).OrThrow("open cgroup", $"{MountPoint}/{path}");

    /// <summary>Opens a file, if it can be.</summary>
    public SysResult<FileFd> TryOpenFile(string file, OpenFlags flags) => Files.OpenAt(root, file, flags);

    /// <inheritdoc />
    public void Dispose() => root.Dispose();
}
