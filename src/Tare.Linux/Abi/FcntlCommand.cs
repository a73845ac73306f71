namespace Tare.Linux.Abi;

/// <summary>The commands of fcntl(2) that Tare uses. linux/fcntl.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FcntlCommand
{
    F_DUPFD = 0,
    F_GETFD = 1,
    F_SETFD = 2,
    F_GETFL = 3,
    F_SETFL = 4,
    F_SETOWN = 8,
    F_SETSIG = 10,
    F_OFD_GETLK = 36,
    F_OFD_SETLK = 37,
    F_OFD_SETLKW = 38,
    F_SETLEASE = 1024,
    F_GETLEASE = 1025,
    F_DUPFD_CLOEXEC = 1030,
    F_SETPIPE_SZ = 1031,
    F_GETPIPE_SZ = 1032,
    F_ADD_SEALS = 1033,
    F_GET_SEALS = 1034,
    F_GETDELEG = 1039,
    F_SETDELEG = 1040,
}
