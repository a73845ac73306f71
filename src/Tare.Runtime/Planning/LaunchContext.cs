using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>What a launch is made of besides the specification: decisions of the caller, all of them data.</summary>
public sealed record LaunchContext
{
    /// <summary>What becomes <c>/</c>.</summary>
    public required RootView Root { get; init; }

    /// <summary>How the process comes into its cgroup.</summary>
    public CgroupEntry Cgroup { get; init; } = CgroupEntry.None;

    /// <summary>The groups of resctrl that the process enters, in order (<see cref="PlannedInputs.ResctrlTasks"/>).</summary>
    public ImmutableArray<string> ResctrlGroups { get; init; } = [];

    /// <summary>What a mount of type <c>cgroup</c> shows; null shows an empty directory.</summary>
    public CgroupView? CgroupView { get; init; }

    /// <summary>
    /// Standard input, output and error are handed over (<see cref="PlannedInputs.Streams"/>) instead of being the
    /// launcher's own. Ignored with a terminal.
    /// </summary>
    public bool StreamsGiven { get; init; }

    /// <summary>The settings that the program's terminal begins with; null are the kernel's. Ignored without a terminal.</summary>
    public TermiosLinux? TerminalSettings { get; init; }

    /// <summary>The program is killed when the launching thread ends.</summary>
    public bool DieWithLauncher { get; init; }

    /// <summary>
    /// Before the program is executed the child waits at a gate for the launcher's word
    /// (<see cref="PlannedGates.BeforeProgram"/>).
    /// </summary>
    public bool GateBeforeProgram { get; init; }

    /// <summary>
    /// Last of all the child waits until somebody writes a byte to a FIFO, which is handed over opened for reading and
    /// writing (<see cref="PlannedInputs.StartFifo"/>): the two steps create and start.
    /// </summary>
    public bool WaitsForStart { get; init; }

    /// <summary>
    /// The launcher holds a file locked for as long as the container is being made (<see cref="PlannedInputs.Mark"/>). The
    /// child closes its copy first of all, so that the lock ends with the launcher however that ends.
    /// </summary>
    public bool HasMark { get; init; }

    /// <summary>A failing step is also written to a descriptor (<see cref="PlannedInputs.FailureReport"/>).</summary>
    public bool ReportsFailure { get; init; }

    /// <summary>How many descriptors after standard error the program keeps (3, 4, …).</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>The root is changed by moving its mount over <c>/</c>, for roots that pivot_root(2) refuses (a ramdisk).</summary>
    public bool NoPivot { get; init; }

    /// <summary>The name of a new session keyring, or null to keep the launcher's.</summary>
    public string? Keyring { get; init; }

    /// <summary>
    /// What Landlock lets the program reach; null restricts nothing. Preconditions: the process has no_new_privs, and no time
    /// namespace to join.
    /// </summary>
    public LandlockEntry? Landlock { get; init; }

    /// <summary>The user namespace forbids setgroups(2), as it must where an ordinary user writes the group map alone.</summary>
    public bool SetgroupsDenied { get; init; }

    /// <summary>
    /// A new PID namespace has an init of its own, and the program is an ordinary process in it, which signals reach
    /// (<see cref="PlannedInputs.InitImage"/>, <see cref="PlannedLaunch.Init"/>).
    /// </summary>
    public bool HasInit { get; init; }

    /// <summary>
    /// The process writes the maps of its user namespace itself: they map the launcher's own user and group, alone.
    /// </summary>
    public bool WritesOwnMaps { get; init; }

    /// <summary>What the container runs on: filters of system calls are made for it.</summary>
    public CpuArchitecture Processor { get; init; } = ThisProcessor;

    /// <summary>What this program runs on.</summary>
    public static CpuArchitecture ThisProcessor =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64;

    /// <summary>The filter of the profile on system calls, where it has been compiled before; else empty.</summary>
    public ImmutableArray<SocketFilter> Filter { get; init; } = [];

    /// <summary>The launcher has all capabilities in the first user namespace.</summary>
    public bool Privileged { get; init; } = true;

    /// <summary>
    /// The launcher is in a user namespace that is not the machine's first, as under an engine of an ordinary user: what the
    /// kernel refuses in a container's own, it refuses there too.
    /// </summary>
    public bool InUserNamespace { get; init; }

    /// <summary>
    /// The limits that the process begins with, of those that the program is given; needed where some must be raised early:
    /// it joins a user namespace, in which it could raise none, or waits for start.
    /// </summary>
    public ImmutableArray<ValidatedRlimit> PresentLimits { get; init; } = [];

    /// <summary>
    /// The signals that the launcher ignores. The program gets their default actions: what a shell finds ignored it cannot
    /// trap, and whoever started an engine by nohup(1) did not mean its containers.
    /// </summary>
    public SignalSet IgnoredSignals { get; init; }

    /// <summary>
    /// A process sets its security attributes by a call of its own; otherwise through procfs
    /// (<see cref="Tare.Linux.SecurityModules.HasAttributeCalls"/>).
    /// </summary>
    public bool HasAttributeCalls { get; init; } = true;

    /// <summary>
    /// What symlinks say that are made instead of mounts, by the mount's index: sources that were found to be symlinks, of
    /// mounts that are to copy them (<see cref="MountOptions.CopiesSymlink"/>). Null for other mounts; empty where there are
    /// none.
    /// </summary>
    public ImmutableArray<string?> CopiedSymlinks { get; init; } = [];

    /// <summary>What the symlink says that is made instead of a mount; null where the mount is made.</summary>
    public string? CopiedSymlink(int mount) => CopiedSymlinks.IsEmpty ? null : CopiedSymlinks[mount];

    /// <summary>Variables that are added to the program's environment where it has none of that name: HOME.</summary>
    public ImmutableArray<string> DefaultEnvironment { get; init; } = [];
}
