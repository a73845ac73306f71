namespace Tare.Oci;

/// <summary>The program that a container runs, or that <c>exec</c> adds to it. config.md, "Process".</summary>
public sealed record ProcessSpec
{
    /// <summary>Whether the program gets a pseudo-terminal of its own as standard input, output and error.</summary>
    public bool Terminal { get; init; }

    /// <summary>The terminal's size; to be ignored without <see cref="Terminal"/>.</summary>
    public ConsoleSizeSpec? ConsoleSize { get; init; }

    /// <summary>Who the program runs as; root where the document says nothing, as runc has it.</summary>
    public UserSpec User { get; init; } = UserSpec.Root;

    /// <summary>The program and its arguments, as execvp(3) takes them. The reader lets an empty list pass.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>The environment, <c>NAME=value</c> each.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>The working directory in the container.</summary>
    public required string Cwd { get; init; }

    /// <summary>The capability sets; null is the same as five empty ones.</summary>
    public CapabilitiesSpec? Capabilities { get; init; }

    /// <summary>Resource limits; those not named stay as the runtime has them.</summary>
    public IReadOnlyList<RlimitSpec> Rlimits { get; init; } = [];

    /// <summary>Whether execve(2) can never again give privileges. prctl(2), PR_SET_NO_NEW_PRIVS.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>The value for /proc/self/oom_score_adj; null leaves it.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>How it is scheduled; null leaves it.</summary>
    public SchedulerSpec? Scheduler { get; init; }

    /// <summary>How its I/O is scheduled; null leaves it.</summary>
    public IoPrioritySpec? IoPriority { get; init; }

    /// <summary>On which processors it runs where it is added to a container; null leaves it.</summary>
    public ExecAffinitySpec? ExecAffinity { get; init; }

    /// <summary>The AppArmor profile that it is put under; null leaves it.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>The SELinux context that it gets; null leaves it to the policy.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>As <see cref="RuntimeSpec.Unsupported"/>, for a process that was read alone; else empty.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];
}
