namespace Tare.Linux.Abi;

/// <summary>
/// The flags of open(2), openat(2) and openat2(2), with the values of x64. Four of them have other values on arm64
/// (O_DIRECTORY, O_NOFOLLOW, O_DIRECT, O_LARGEFILE, and O_TMPFILE with them). A plan is data for every architecture and
/// always carries these values; whoever hands them to a kernel translates them with <see cref="OpenFlagsTable"/>.
/// </summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum OpenFlags : uint
{
    O_RDONLY = 0,
    O_WRONLY = 0x1,
    O_RDWR = 0x2,
    O_ACCMODE = 0x3,
    O_CREAT = 0x40,
    O_EXCL = 0x80,
    O_NOCTTY = 0x100,
    O_TRUNC = 0x200,
    O_APPEND = 0x400,
    O_NONBLOCK = 0x800,
    O_DSYNC = 0x1000,
    O_ASYNC = 0x2000,
    O_DIRECT = 0x4000,
    O_LARGEFILE = 0x8000,
    O_DIRECTORY = 0x10000,
    O_NOFOLLOW = 0x20000,
    O_NOATIME = 0x40000,
    O_CLOEXEC = 0x80000,
    O_SYNC = 0x101000,
    O_PATH = 0x200000,
    O_TMPFILE = 0x410000,
}
