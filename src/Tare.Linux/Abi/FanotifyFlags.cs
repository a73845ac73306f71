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
    FAN_OPEN_PERM = 0x10000,
    FAN_ACCESS_PERM = 0x20000,
    FAN_OPEN_EXEC_PERM = 0x40000,
    FAN_PRE_ACCESS = 0x100000,
    FAN_MNT_ATTACH = 0x1000000,
    FAN_MNT_DETACH = 0x2000000,
    FAN_EVENT_ON_CHILD = 0x8000000,
    FAN_ONDIR = 0x40000000,
}
#pragma warning restore CS1591

/// <summary>What a group is for: who of several is asked first, and what it may be asked. linux/fanotify.h.</summary>
public enum FanotifyClass : uint
{
    /// <summary>Told of what happened; asked nothing.</summary>
    FAN_CLASS_NOTIF = 0,

    /// <summary>Asked about files whose content is there: virus scanners, those who decide what may be executed.</summary>
    FAN_CLASS_CONTENT = 0x4,

    /// <summary>Asked before those, and may fill the file in.</summary>
    FAN_CLASS_PRE_CONTENT = 0x8,
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
