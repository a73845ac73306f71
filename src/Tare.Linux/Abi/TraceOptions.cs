namespace Tare.Linux.Abi;

/// <summary>What a traced process stops for besides signals. ptrace(2), linux/ptrace.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum TraceOptions : uint
{
    None = 0,
    PTRACE_O_TRACESYSGOOD = 0x1,
    PTRACE_O_TRACEFORK = 0x2,
    PTRACE_O_TRACEVFORK = 0x4,
    PTRACE_O_TRACECLONE = 0x8,
    PTRACE_O_TRACEEXEC = 0x10,
    PTRACE_O_TRACEVFORKDONE = 0x20,
    PTRACE_O_TRACEEXIT = 0x40,
    PTRACE_O_TRACESECCOMP = 0x80,
    PTRACE_O_EXITKILL = 0x100000,
}

/// <summary>Why a traced process stopped. ptrace(2), linux/ptrace.h.</summary>
public enum TraceEvent
{
    None = 0,
    PTRACE_EVENT_FORK = 1,
    PTRACE_EVENT_VFORK = 2,
    PTRACE_EVENT_CLONE = 3,
    PTRACE_EVENT_EXEC = 4,
    PTRACE_EVENT_VFORK_DONE = 5,
    PTRACE_EVENT_EXIT = 6,
    PTRACE_EVENT_SECCOMP = 7,
    PTRACE_EVENT_STOP = 128,
}

/// <summary>The requests of ptrace(2) that are used. linux/ptrace.h.</summary>
internal enum TraceRequest
{
    PTRACE_CONT = 7,
    PTRACE_DETACH = 17,
    PTRACE_SYSCALL = 24,
    PTRACE_GETEVENTMSG = 0x4201,
    PTRACE_SEIZE = 0x4206,
    PTRACE_INTERRUPT = 0x4207,
    PTRACE_LISTEN = 0x4208,
    PTRACE_GET_SYSCALL_INFO = 0x420e,
    PTRACE_SET_SYSCALL_INFO = 0x4212,
}
