namespace Tare.Linux.Abi;

/// <summary>What fanotify(7) tells of. linux/fanotify.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FanotifyEvents : ulong
{
    None = 0,
    FAN_ACCESS = 0x1,
    FAN_MODIFY = 0x2,
    FAN_CLOSE_WRITE = 0x8,
    FAN_CLOSE_NOWRITE = 0x10,
    FAN_OPEN = 0x20,
    FAN_OPEN_EXEC = 0x1000,
    FAN_Q_OVERFLOW = 0x4000,
    FAN_MNT_ATTACH = 0x1000000,
    FAN_MNT_DETACH = 0x2000000,
}

/// <summary>What fanotify_mark(2) marks. linux/fanotify.h.</summary>
public enum FanotifyScope : uint
{
    /// <summary>A file, or a directory itself.</summary>
    FAN_MARK_INODE = 0,

    /// <summary>All files of a mount.</summary>
    FAN_MARK_MOUNT = 0x10,

    /// <summary>All files of a file system, through whatever mount. Linux 4.20.</summary>
    FAN_MARK_FILESYSTEM = 0x100,
}
