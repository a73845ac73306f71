namespace Tare.Linux.Abi;

/// <summary>What is to become of a core dump, and what a kernel can do about it. linux/coredump.h, Linux 6.17.</summary>
[Flags]
public enum CoreDumpActions : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The kernel writes it into the socket.</summary>
    COREDUMP_KERNEL = 0x1,

    /// <summary>The listener makes it, of what the process still is; the kernel writes none.</summary>
    COREDUMP_USERSPACE = 0x2,

    /// <summary>There is none.</summary>
    COREDUMP_REJECT = 0x4,

    /// <summary>The process stays until the listener closes the socket.</summary>
    COREDUMP_WAIT = 0x8,
}

/// <summary>What the kernel says to an answer. linux/coredump.h, Linux 6.17.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in its header
public enum CoreDumpMark : byte
{
    COREDUMP_MARK_REQACK = 0,
    COREDUMP_MARK_MINSIZE = 1,
    COREDUMP_MARK_MAXSIZE = 2,
    COREDUMP_MARK_UNSUPPORTED = 3,
    COREDUMP_MARK_CONFLICTING = 4,
}
