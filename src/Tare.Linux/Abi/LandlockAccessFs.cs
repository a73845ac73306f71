namespace Tare.Linux.Abi;

/// <summary>What can be done with files. landlock(7), linux/landlock.h; the comments say since which version of the ABI.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LandlockAccessFs : ulong
{
    None = 0,
    LANDLOCK_ACCESS_FS_EXECUTE = 0x1,
    LANDLOCK_ACCESS_FS_WRITE_FILE = 0x2,
    LANDLOCK_ACCESS_FS_READ_FILE = 0x4,
    LANDLOCK_ACCESS_FS_READ_DIR = 0x8,
    LANDLOCK_ACCESS_FS_REMOVE_DIR = 0x10,
    LANDLOCK_ACCESS_FS_REMOVE_FILE = 0x20,
    LANDLOCK_ACCESS_FS_MAKE_CHAR = 0x40,
    LANDLOCK_ACCESS_FS_MAKE_DIR = 0x80,
    LANDLOCK_ACCESS_FS_MAKE_REG = 0x100,
    LANDLOCK_ACCESS_FS_MAKE_SOCK = 0x200,
    LANDLOCK_ACCESS_FS_MAKE_FIFO = 0x400,
    LANDLOCK_ACCESS_FS_MAKE_BLOCK = 0x800,
    LANDLOCK_ACCESS_FS_MAKE_SYM = 0x1000,
    LANDLOCK_ACCESS_FS_REFER = 0x2000, // 2, Linux 5.19
    LANDLOCK_ACCESS_FS_TRUNCATE = 0x4000, // 3, Linux 6.2
    LANDLOCK_ACCESS_FS_IOCTL_DEV = 0x8000, // 5, Linux 6.10
    LANDLOCK_ACCESS_FS_RESOLVE_UNIX = 0x10000, // 9, Linux 7.1
}
