namespace Tare.Linux.Abi;

/// <summary>What is forgotten of a process's pages by writing to /proc/PID/clear_refs. proc_pid_clear_refs(5).</summary>
public enum ReferenceReset
{
    /// <summary>That any page was used.</summary>
    All = 1,

    /// <summary>That pages of anonymous memory were used.</summary>
    Anonymous = 2,

    /// <summary>That pages of files were used.</summary>
    Files = 3,

    /// <summary>That pages were written: CONFIG_MEM_SOFT_DIRTY.</summary>
    SoftDirty = 4,

    /// <summary>The peak of resident memory.</summary>
    PeakResident = 5,
}
