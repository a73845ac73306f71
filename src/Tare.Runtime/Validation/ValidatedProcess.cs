using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>A program and how it is run, checked. <see cref="ProcessValidator"/> makes it.</summary>
public sealed record ValidatedProcess
{
    internal ValidatedProcess() { }

    /// <summary>
    /// None: a container can be created without, and never be started. config.md, "Process".
    /// </summary>
    public static ValidatedProcess None { get; } =
        new()
        {
            IsMissing = true,
            Args = ["process is missing"],
            Cwd = ContainerPath.Root,
        };

    /// <summary>There is no program.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>The program and its arguments; at least one.</summary>
    public required ImmutableArray<string> Args { get; init; }

    /// <summary>The program's file, where its first argument is not to name it; null where that does.</summary>
    public string? Program { get; init; }

    /// <summary>The environment.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    /// <summary>The working directory.</summary>
    public required ContainerPath Cwd { get; init; }

    /// <summary>Whether it gets a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>The terminal's size, if asked for.</summary>
    public ConsoleSizeSpec? ConsoleSize { get; init; }

    /// <summary>The user id in the container.</summary>
    public uint Uid { get; init; }

    /// <summary>The group id in the container.</summary>
    public uint Gid { get; init; }

    /// <summary>The supplementary groups.</summary>
    public ImmutableArray<uint> AdditionalGids { get; init; } = [];

    /// <summary>The file mode creation mask, or null to leave it.</summary>
    public uint? Umask { get; init; }

    /// <summary>The capability sets.</summary>
    public CapabilitySets Capabilities { get; init; }

    /// <summary>Resource limits, each at most once.</summary>
    public ImmutableArray<ValidatedRlimit> Rlimits { get; init; } = [];

    /// <summary>Whether execve(2) can never again give privileges.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>The value for oom_score_adj, or null to leave it.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>How it is scheduled, or null to leave it.</summary>
    public SchedulingAttribute? Scheduling { get; init; }

    /// <summary>How its I/O is scheduled, or null to leave it.</summary>
    public ValidatedIoPriority? IoPriority { get; init; }

    /// <summary>The processors that it may run on before it is in the container's cgroup, a bit each; exec only.</summary>
    public ImmutableArray<byte>? InitialProcessors { get; init; }

    /// <summary>The processors that it may run on once it is, a bit each; exec only.</summary>
    public ImmutableArray<byte>? FinalProcessors { get; init; }

    /// <summary>The AppArmor profile that it is put under, or null.</summary>
    public string? AppArmorProfile { get; init; }

    /// <summary>The SELinux context that it gets, or null.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>What was asked for and has no effect.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>An I/O priority.</summary>
/// <param name="Class">The class.</param>
/// <param name="Priority">The priority within it, from 0, the highest, to 7.</param>
public sealed record ValidatedIoPriority(IoPriorityClass Class, int Priority);

/// <summary>A resource limit in the units of getrlimit(2).</summary>
public sealed record ValidatedRlimit(ResourceLimit Resource, ulong Soft, ulong Hard);
