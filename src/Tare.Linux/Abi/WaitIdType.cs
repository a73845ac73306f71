namespace Tare.Linux.Abi;

/// <summary>Whom waitid(2) waits for. linux/wait.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum WaitIdType
{
    P_ALL = 0,
    P_PID = 1,
    P_PGID = 2,
    P_PIDFD = 3,
}
