namespace Tare.Processes;

/// <summary>
/// What may be done with a process's memory. All that descends from it has the same. These are the memory's own, which a
/// starting process still shares with this one, so they are set in a program of a few instructions that it executes first.
/// </summary>
public sealed record ProcessMemoryOptions
{
    /// <summary>
    /// Nothing that was written is ever executed, and nothing is made executable later; a program with a just-in-time compiler
    /// fails. PR_SET_MDWE, Linux 6.3.
    /// </summary>
    public bool DenyWriteExecute { get; init; }

    /// <summary>The kernel gives no huge pages by itself. PR_SET_THP_DISABLE.</summary>
    public bool DisableHugePages { get; init; }

    /// <summary>Pages with the same content are kept once, with others that ask for it. PR_SET_MEMORY_MERGE, Linux 6.4; CAP_SYS_RESOURCE.</summary>
    public bool MergePages { get; init; }

    /// <summary>Which memory a core dump has; through the machine's /proc, which must be seen. core(5), coredump_filter.</summary>
    public CoreDumpContent? CoreDump { get; init; }

    internal bool IsEmpty => !DenyWriteExecute && !DisableHugePages && !MergePages && CoreDump is null;
}

/// <summary>Which memory a core dump has. core(5), /proc/PID/coredump_filter.</summary>
[Flags]
public enum CoreDumpContent
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Private memory without a file.</summary>
    PrivateAnonymous = 1,

    /// <summary>Shared memory without a file.</summary>
    SharedAnonymous = 2,

    /// <summary>Private mappings of files.</summary>
    PrivateFiles = 4,

    /// <summary>Shared mappings of files.</summary>
    SharedFiles = 8,

    /// <summary>The first pages of ELF files.</summary>
    ElfHeaders = 16,

    /// <summary>Private huge pages.</summary>
    PrivateHugePages = 32,

    /// <summary>Shared huge pages.</summary>
    SharedHugePages = 64,

    /// <summary>Private pages of persistent memory.</summary>
    PrivateDirectAccess = 128,

    /// <summary>Shared pages of persistent memory.</summary>
    SharedDirectAccess = 256,
}
