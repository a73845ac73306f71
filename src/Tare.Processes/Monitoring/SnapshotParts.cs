namespace Tare.Processes;

/// <summary>
/// What a <see cref="ProcessSnapshot"/> holds beyond what two small files of the kernel's say (identity, state, users,
/// capabilities, seccomp, CPU time, memory, faults, context switches). Each costs one or more files.
/// </summary>
[Flags]
public enum SnapshotParts
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>The command line.</summary>
    CommandLine = 0x1,

    /// <summary>Executable, working directory and root.</summary>
    Paths = 0x2,

    /// <summary>The environment.</summary>
    Environment = 0x4,

    /// <summary>Virtual runtime, weight, run and wait time.</summary>
    Scheduler = 0x8,

    /// <summary>Bytes read and written.</summary>
    Io = 0x10,

    /// <summary>OOM score and its adjustment.</summary>
    OomScore = 0x20,

    /// <summary>The limits.</summary>
    Limits = 0x40,

    /// <summary>The cgroups.</summary>
    Cgroups = 0x80,

    /// <summary>The namespaces' numbers.</summary>
    Namespaces = 0x100,

    /// <summary>The label of the security module.</summary>
    SecurityLabel = 0x200,

    /// <summary>The children's numbers.</summary>
    Children = 0x400,

    /// <summary>Pressure on its cgroup of version 2.</summary>
    Pressure = 0x800,

    /// <summary>PSS and shared and private memory. The kernel walks all of the process's pages for it.</summary>
    ProportionalMemory = 0x1000,

    /// <summary>The open files: two files of the kernel's for each.</summary>
    OpenFiles = 0x2000,

    /// <summary>The threads: two files of the kernel's for each, and the scheduler's where that is asked for.</summary>
    Threads = 0x4000,

    /// <summary>What is wanted of many processes at a time.</summary>
    Usual = CommandLine | Paths | Scheduler | Io | OomScore | Cgroups,

    /// <summary>Everything.</summary>
    All = 0x7fff,
}
