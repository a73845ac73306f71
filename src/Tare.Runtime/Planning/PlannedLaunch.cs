using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.CopyUp;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>A plan and what its launcher has to hand over and to answer.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Inputs">The slots to fill; null or empty where nothing is asked for.</param>
/// <param name="Gates">The gates to open; null where there is none.</param>
public sealed record PlannedLaunch(LaunchPlan Plan, PlannedInputs Inputs, PlannedGates Gates)
{
    /// <summary>
    /// Where the number of the PID namespace's init is after the launch, in the launcher's PID namespace; null without an
    /// init of its own. It is the launcher's child.
    /// </summary>
    public Slot? Init { get; init; }

    /// <summary>
    /// Limits that the process cannot raise itself, being in a user namespace: the launcher does it at
    /// <see cref="PlannedGates.Mappings"/>.
    /// </summary>
    public ImmutableArray<ValidatedRlimit> Limits { get; init; } = [];

    /// <summary>What the launcher copies while the child waits, in the order in which it does; all come before the other gates.</summary>
    public ImmutableArray<PlannedCopyUp> CopyUps { get; init; } = [];
}

/// <summary>
/// A tmpfs that begins with what it covers. At the gate two descriptors have been sent over
/// <see cref="PlannedInputs.CopyUpSocket"/>: the directory to be covered, and the tmpfs, which is attached nowhere yet.
/// </summary>
/// <param name="Gate">The gate's number.</param>
/// <param name="Destination">Its place in the container.</param>
/// <param name="Root">What its own directory takes over from the covered one.</param>
public sealed record PlannedCopyUp(int Gate, ContainerPath Destination, CopiedRoot Root);

/// <summary>The slots that <see cref="LaunchInputs"/> must fill. Descriptors must be above 2.</summary>
public sealed record PlannedInputs
{
    /// <summary>The directory of the v2 cgroup to create the process in.</summary>
    public Slot? CgroupDirectory { get; init; }

    /// <summary>A cgroup.procs file of each v1 hierarchy, open for writing, as <see cref="CgroupEntry.Joined"/> lists them.</summary>
    public ImmutableArray<Slot> CgroupProcs { get; init; } = [];

    /// <summary>A tasks file of each group of resctrl, open for writing, as <see cref="LaunchContext.ResctrlGroups"/> lists them.</summary>
    public ImmutableArray<Slot> ResctrlTasks { get; init; } = [];

    /// <summary>The namespaces to join, each opened from its path.</summary>
    public ImmutableArray<NamespaceInput> Namespaces { get; init; } = [];

    /// <summary>Mounts that the launcher picks out of the host's tree, each attached nowhere.</summary>
    public ImmutableArray<GivenMountInput> GivenMounts { get; init; } = [];

    /// <summary>A Landlock ruleset without paths.</summary>
    public Slot? Landlock { get; init; }

    /// <summary>A pidfd of a container's first process (exec only).</summary>
    public Slot? ContainerProcess { get; init; }

    /// <summary>A connected UNIX stream socket that the terminal's other side is sent to.</summary>
    public Slot? ConsoleSocket { get; init; }

    /// <summary>Standard input, output and error, or empty.</summary>
    public ImmutableArray<Slot> Streams { get; init; } = [];

    /// <summary>A stream socket that the directories of <see cref="PlannedLaunch.CopyUps"/> are sent over.</summary>
    public Slot? CopyUpSocket { get; init; }

    /// <summary>
    /// Any descriptors: their numbers become those of what is opened on the way, and is used in the sealed image.
    /// </summary>
    public ImmutableArray<Slot> Places { get; init; } = [];

    /// <summary>The file that the launcher holds locked.</summary>
    public Slot? Mark { get; init; }

    /// <summary>The FIFO that start writes to, open for reading and writing.</summary>
    public Slot? StartFifo { get; init; }

    /// <summary>A file with <see cref="Tare.Launch.Calls.InitImage"/>.</summary>
    public Slot? InitImage { get; init; }

    /// <summary>A connected UNIX stream socket that the listener of the filter on system calls is sent to.</summary>
    public Slot? ListenerSocket { get; init; }

    /// <summary>Where a failing step is also written to.</summary>
    public Slot? FailureReport { get; init; }
}

/// <summary>A namespace that is joined by path.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Path">Its file.</param>
/// <param name="Slot">Where the descriptor goes.</param>
public sealed record NamespaceInput(CloneFlags Kind, string Path, Slot Slot);

/// <summary>A mount that the launcher picks out of the host's tree.</summary>
/// <param name="Slot">Where the descriptor goes.</param>
/// <param name="Source">The host's path that it shows.</param>
/// <param name="WithMountsBelow">With everything that is mounted below the source.</param>
/// <param name="Map">How the owners of its files are mapped, or null.</param>
public sealed record GivenMountInput(Slot Slot, string Source, bool WithMountsBelow, ValidatedIdMap? Map)
{
    /// <summary>A source that is a symlink is what it leads to.</summary>
    public bool IsFollowed { get; init; } = true;
}

/// <summary>The numbers of the plan's gates, in the order in which the child comes to them.</summary>
public sealed record PlannedGates
{
    /// <summary>The child waits until systemd has moved it to its cgroup.</summary>
    public int? Cgroup { get; init; }

    /// <summary>
    /// The child waits until uid_map and gid_map of its process are written, and <see cref="PlannedLaunch.Limits"/> raised.
    /// </summary>
    public int? Mappings { get; init; }

    /// <summary>The container's namespaces exist; network devices are still to be moved into its network namespace.</summary>
    public int? NetDevices { get; init; }

    /// <summary>The container's namespaces and mounts exist; its root is not the process's yet.</summary>
    public int? BeforeRoot { get; init; }

    /// <summary>Everything is done but the program.</summary>
    public int? BeforeProgram { get; init; }
}
