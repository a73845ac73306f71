using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>What the parts of a plan share while it is being written: descriptors that earlier steps will have opened.</summary>
internal sealed class PlanState(LaunchPlanBuilder plan, ValidatedProcess process, LaunchContext context)
{
    private readonly List<PlacedMount> placed = [];
    private Scratch? fileStatus;
    private Scratch? fileSystemStatus;
    private Slot? root;

    /// <summary>Where the steps go.</summary>
    public LaunchPlanBuilder Plan { get; } = plan;

    /// <summary>The program.</summary>
    public ValidatedProcess Process { get; } = process;

    /// <summary>The caller's decisions.</summary>
    public LaunchContext Context { get; } = context;

    /// <summary>The container is in a user namespace, of its own or the launcher's.</summary>
    public bool InUserNamespace(ValidatedSpec spec) =>
        Context.InUserNamespace || spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER);

    /// <summary>The container's root directory.</summary>
    public Slot Root
    {
        get => root ?? throw new InvalidOperationException("the root has not been planned yet");
        set => root = value;
    }

    /// <summary>The root of a procfs that has been verified, if the container has one.</summary>
    public Slot? Proc { get; set; }

    /// <summary>The root of a procfs that is attached nowhere, if one has been made.</summary>
    public Slot? PrivateProc { get; set; }

    /// <summary>The container's /dev.</summary>
    public Slot? Dev { get; set; }

    /// <summary>/dev is a tmpfs that only the plan has put anything into.</summary>
    public bool IsDevFresh { get; set; }

    /// <summary>The working directory.</summary>
    public Slot? WorkingDirectory { get; set; }

    /// <summary>Cgroup mounts bind the container's directories of the host, instead of mounting the hierarchies anew.</summary>
    public bool BindsCgroups { get; set; }

    /// <summary>The directories of the host's cgroup hierarchies that cgroup mounts bind, in the order in which they do.</summary>
    public Queue<Slot> CgroupSources { get; } = [];

    /// <summary>Mounts that become read-only at the end.</summary>
    public List<DeferredReadOnly> Deferred { get; } = [];

    /// <summary>The mask before it was set to zero for the launch.</summary>
    public Slot? Umask { get; set; }

    /// <summary>What the time namespace is joined by, once the process has memory of its own; null for none.</summary>
    public Slot? TimeNamespace { get; set; }

    /// <summary>The SELinux context of the file systems that are mounted; null leaves it to the policy.</summary>
    public string? MountLabel { get; init; }

    /// <summary>The directory of the process's own security attributes, where they are set through a procfs.</summary>
    public Slot? Attributes { get; set; }

    /// <summary>Which system calls the program may make; null is all.</summary>
    public SeccompSpec? Seccomp { get; init; }

    /// <summary>The slots that the launcher fills.</summary>
    public PlannedInputs Inputs { get; set; } = new();

    /// <summary>What the launcher copies at gates of their own.</summary>
    public List<PlannedCopyUp> CopyUps { get; } = [];

    /// <summary>The gates that the launcher opens.</summary>
    public PlannedGates Gates { get; set; } = new();

    /// <summary>Where statx(2) writes to.</summary>
    public Scratch FileStatus => fileStatus ??= Plan.NewScratch("status of a file", StatusLayout.Size);

    /// <summary>Where fstatfs(2) writes to.</summary>
    public Scratch FileSystemStatus =>
        fileSystemStatus ??= Plan.NewScratch("status of a file system", StatusLayout.FileSystemSize);

    /// <summary>A number for a descriptor that is opened on the way and used in the sealed image: dup3(2) to it.</summary>
    public Slot NewPlace(string name)
    {
        Slot place = Plan.NewInput(name);
        Inputs = Inputs with { Places = Inputs.Places.Add(place) };
        return place;
    }

    /// <summary>Remembers a mount that has been planned.</summary>
    public void Place(PlacedMount mount) => placed.Add(mount);

    /// <summary>The mount that a path lies in: the last one made at or above it; null is the root's own.</summary>
    public PlacedMount? MountOf(ContainerPath path)
    {
        for (int i = placed.Count - 1; i >= 0; i--)
        {
            if (path.IsAtOrBelow(placed[i].Path))
            {
                return placed[i];
            }
        }

        return null;
    }

    /// <summary>Opens what lies at a path from a directory that stands for the root.</summary>
    public void Open(Slot into, string words, Slot directory, string path, Argument how) =>
        Plan.CallInto(into, words, Syscall.openat2, directory, path, how, How.Size);

    /// <summary>Reads a file's status by its descriptor.</summary>
    public void Status(string words, Slot file, StatXMask mask) =>
        Plan.Call(
            words,
            Syscall.statx,
            file,
            "",
            Argument.Flags(AtFlags.AT_EMPTY_PATH),
            Argument.Flags(mask),
            FileStatus
        );
}
