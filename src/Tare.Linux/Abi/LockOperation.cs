namespace Tare.Linux.Abi;

/// <summary>The operations of flock(2). linux/fcntl.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LockOperation
{
    None = 0,
    LOCK_SH = 1,
    LOCK_EX = 2,
    LOCK_NB = 4,
    LOCK_UN = 8,
}
