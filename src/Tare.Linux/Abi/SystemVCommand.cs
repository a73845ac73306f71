namespace Tare.Linux.Abi;

/// <summary>What the control calls of System V do. linux/ipc.h, linux/sem.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
internal enum SystemVCommand
{
    IPC_RMID = 0,
    IPC_STAT = 2,
    GETVAL = 12,
    GETALL = 13,
    GETNCNT = 14,
    SETVAL = 16,
    SETALL = 17,
}
