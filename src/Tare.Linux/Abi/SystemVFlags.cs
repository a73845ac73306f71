namespace Tare.Linux.Abi;

/// <summary>How objects of System V are made and used; the lowest nine bits are permissions. linux/ipc.h, linux/shm.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SystemVFlags
{
    None = 0,
    IPC_CREAT = 0x200,
    IPC_EXCL = 0x400,
    IPC_NOWAIT = 0x800,
    SHM_HUGETLB = 0x800,
    SHM_RDONLY = 0x1000,
    SHM_NORESERVE = 0x1000,
}
