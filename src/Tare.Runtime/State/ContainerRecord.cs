using Tare.Linux;
using Tare.Runtime.Validation;

namespace Tare.Runtime.State;

/// <summary>Where one of a container's cgroups lies.</summary>
/// <param name="MountPoint">Where its hierarchy is mounted.</param>
/// <param name="Controller">What the hierarchy is for; empty for cgroup v2.</param>
/// <param name="Path">The group, relative to the mount point.</param>
/// <param name="Made">How many of the path's last components were made for the container and go with it.</param>
public sealed record CgroupPlace(string MountPoint, string Controller, string Path, int Made);

/// <summary>Something that a created container still has to do when it is started.</summary>
/// <param name="Index">The step's index in the plan.</param>
/// <param name="Words">The step's words.</param>
public sealed record RemainingStep(int Index, string Words);

/// <summary>What is kept about a container between two runs of the program: see <see cref="ContainerRecordWriter"/>.</summary>
public sealed record ContainerRecord
{
    /// <summary>The record of a container of which nothing has been made yet.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="spec">What it will be.</param>
    /// <param name="bundle">The bundle's absolute path.</param>
    /// <param name="pidFile">See <see cref="PidFile"/>.</param>
    internal static ContainerRecord Begin(ContainerId id, ValidatedSpec spec, string bundle, string? pidFile) =>
        new()
        {
            Id = id,
            OciVersion = spec.Document.OciVersion,
            Bundle = bundle,
            Rootfs = spec.Root.Path,
            Created = TimeProvider.System.GetUtcNow(),
            Owner = Credentials.GetEffectiveUid(),
            Annotations = spec.Document.Annotations,
            PidFile = pidFile,
        };

    /// <summary>Its name.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>The version of the specification that its config.json is written for.</summary>
    public required string OciVersion { get; init; }

    /// <summary>The bundle's absolute path.</summary>
    public required string Bundle { get; init; }

    /// <summary>The root file system's absolute path.</summary>
    public required string Rootfs { get; init; }

    /// <summary>
    /// Where that is mounted in a mount namespace which is not the container's alone (<see cref="Planning.RootView.Place"/>);
    /// null where it has one of its own.
    /// </summary>
    public string? RootPlace { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who created it: a user id.</summary>
    public required uint Owner { get; init; }

    /// <summary>The first process, in the PID namespace of whoever created it; 0 while there is none yet.</summary>
    public int ProcessId { get; init; }

    /// <summary>When that process started, in clock ticks since boot: with the number, who it is.</summary>
    public ulong ProcessStartTime { get; init; }

    /// <summary>Its cgroups; written before they are made, so that whoever finds the record can remove them.</summary>
    public IReadOnlyList<CgroupPlace> Cgroups { get; init; } = [];

    /// <summary>Its class of service; written before that is made. Null without one.</summary>
    public ResctrlPlace? Resctrl { get; init; }

    /// <summary>The unit of systemd that the cgroup belongs to; null where the runtime makes it itself.</summary>
    public SystemdUnit? Unit { get; init; }

    /// <summary>The annotations of config.json.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The absolute path of the file that the caller wants the first process's number in; null if that is nowhere. Kept
    /// so that it is removed with a container that was not made to its end.
    /// </summary>
    public string? PidFile { get; init; }

    /// <summary>Its config.json names hooks, and the life in which they are run has begun.</summary>
    public bool HasHooks { get; init; }

    /// <summary>Its config.json names no program, so it cannot be started.</summary>
    public bool HasNoProcess { get; init; }

    /// <summary>What <c>start</c> lets the process do; for naming the one that failed.</summary>
    public IReadOnlyList<RemainingStep> Remaining { get; init; } = [];
}
