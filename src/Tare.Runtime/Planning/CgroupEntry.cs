using System.Collections.Immutable;

namespace Tare.Runtime.Planning;

/// <summary>How the process comes into its cgroup.</summary>
public abstract record CgroupEntry
{
    private protected CgroupEntry() { }

    /// <summary>It stays in the launcher's cgroups.</summary>
    public static CgroupEntry None { get; } = new Nothing();

    /// <summary>
    /// It is created in a v2 cgroup, whose directory the launcher is handed (<see cref="PlannedInputs.CgroupDirectory"/>), and
    /// then moves itself into v1 cgroups, whose <c>cgroup.procs</c> files are handed over open for writing
    /// (<see cref="PlannedInputs.CgroupProcs"/>, in the same order).
    /// </summary>
    /// <param name="Directory">There is a v2 cgroup.</param>
    /// <param name="Hierarchies">The names of the v1 hierarchies, for people.</param>
    public sealed record Joined(bool Directory, ImmutableArray<string> Hierarchies) : CgroupEntry;

    /// <summary>
    /// systemd moves it into its v2 cgroup, which the launcher asks for while the process waits
    /// (<see cref="PlannedGates.Cgroup"/>).
    /// </summary>
    public static CgroupEntry Moved { get; } = new MovedFromOutside();

    private sealed record MovedFromOutside : CgroupEntry;

    private sealed record Nothing : CgroupEntry;
}
