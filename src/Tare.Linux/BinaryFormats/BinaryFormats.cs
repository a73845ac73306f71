using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// The binary formats of a user namespace, which are a file system: binfmt_misc. They hold for programs in it and in those below that
/// have none of their own. Each method takes anything open on its root: what <see cref="Open"/> or <see cref="New"/> gave.
/// binfmt-misc.rst of the kernel's documentation.
/// </summary>
public static class BinaryFormats
{
    private const string Usual = "/proc/sys/fs/binfmt_misc";

    /// <summary>Those that are mounted. ENODEV: nothing is mounted there. The caller disposes it.</summary>
    /// <param name="path">Where; null is the usual place.</param>
    public static SysResult<DirectoryFd> Open(string? path = null)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, path ?? Usual);
        if (!opened.Ok || Files.FAccessAt2(opened.Value, "register", AccessModes.F_OK).Ok)
        {
            return opened;
        }

        opened.Value.Dispose();
        return new(null!, Errno.ENODEV);
    }

    /// <summary>
    /// Those of the calling thread's user namespace, attached nowhere. In a namespace that has none they are new, and empty; its
    /// formats are gone when nothing has them open or mounted any more. ENODEV: the kernel has no binfmt_misc, or its module is not
    /// loaded. EPERM: needs CAP_SYS_ADMIN; in a user namespace of one's own Linux 6.7. The caller disposes it.
    /// </summary>
    public static SysResult<MountFd> New()
    {
        SysResult<FileSystemContextFd> opened = Mounts.FsOpen("binfmt_misc");
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        using FileSystemContextFd context = opened.Value;
        SysResult made = Mounts.FsConfigCreate(context);
        return made.Ok
            ? Mounts.FsMount(
                context,
                MountAttributeFlags.MOUNT_ATTR_NOSUID
                    | MountAttributeFlags.MOUNT_ATTR_NODEV
                    | MountAttributeFlags.MOUNT_ATTR_NOEXEC
            )
            : new(null!, made.Errno);
    }

    /// <summary>
    /// From now on programs of a format are executed by its interpreter; the one that was registered last comes first. EEXIST: the name
    /// is taken. ENOENT: with <see cref="BinaryFormatFlags.FixInterpreter"/> the interpreter is not there.
    /// </summary>
    /// <exception cref="ArgumentException">It is no format; nothing has happened.</exception>
    public static SysResult Register(FileDescriptor formats, BinaryFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Files.WriteValueAt(formats, "register", format.ToLine());
    }

    /// <summary>A format that is registered. ENOENT: none of that name is.</summary>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static SysResult<BinaryFormat?> Read(FileDescriptor formats, string name)
    {
        BinaryFormat.CheckName(name);
        SysResult<byte[]> text = Files.ReadAllAt(formats, name);
        return new(text.Ok ? BinaryFormat.Parse(name, Encoding.UTF8.GetString(text.Value)) : null, text.Errno);
    }

    /// <summary>The names of all that are registered.</summary>
    public static SysResult<IReadOnlyList<string>> List(FileDescriptor formats)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(formats, ".");
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using DirectoryFd directory = opened.Value;
        SysResult<List<DirectoryEntry>> entries = DirectoryEntries.Read(directory);
        return new(
            [
                .. (entries.Value ?? [])
                    .Select(entry => entry.Name.ToString())
                    .Where(name => name is not ("register" or "status"))
                    .Order(StringComparer.Ordinal),
            ],
            entries.Errno
        );
    }

    /// <summary>Has a format be used, or not any more. ENOENT: none of that name is registered.</summary>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static SysResult Enable(FileDescriptor formats, string name, bool on)
    {
        BinaryFormat.CheckName(name);
        return Files.WriteValueAt(formats, name, on ? "1"u8 : "0"u8);
    }

    /// <summary>Takes a format away. ENOENT: none of that name is registered.</summary>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static SysResult Remove(FileDescriptor formats, string name)
    {
        BinaryFormat.CheckName(name);
        return Files.WriteValueAt(formats, name, "-1"u8);
    }
}
