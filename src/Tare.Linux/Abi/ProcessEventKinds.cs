namespace Tare.Linux.Abi;

/// <summary>What happens to processes. linux/cn_proc.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum ProcessEventKinds : uint
{
    PROC_EVENT_NONE = 0,
    PROC_EVENT_FORK = 0x1,
    PROC_EVENT_EXEC = 0x2,
    PROC_EVENT_UID = 0x4,
    PROC_EVENT_GID = 0x40,
    PROC_EVENT_SID = 0x80,
    PROC_EVENT_PTRACE = 0x100,
    PROC_EVENT_COMM = 0x200,
    PROC_EVENT_COREDUMP = 0x40000000,
    PROC_EVENT_EXIT = 0x80000000,
    PROC_EVENT_ALL =
        PROC_EVENT_FORK
        | PROC_EVENT_EXEC
        | PROC_EVENT_UID
        | PROC_EVENT_GID
        | PROC_EVENT_SID
        | PROC_EVENT_PTRACE
        | PROC_EVENT_COMM
        | PROC_EVENT_COREDUMP
        | PROC_EVENT_EXIT,
}
