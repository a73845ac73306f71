namespace Tare.Linux.Abi;

/// <summary>What waitid(2) waits for, and how. linux/wait.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum WaitOptions : uint
{
    None = 0,
    WNOHANG = 0x1,
    WSTOPPED = 0x2,
    WEXITED = 0x4,
    WCONTINUED = 0x8,
    WNOWAIT = 0x1000000,
    __WNOTHREAD = 0x20000000,
    __WALL = 0x40000000,
    __WCLONE = 0x80000000,
}
