using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// Everything that a launch will do, as data. Making a plan has no effects; it can be printed, compared and assembled
/// for any architecture. <see cref="LaunchPlanBuilder"/> makes one.
/// </summary>
public sealed class LaunchPlan
{
    private readonly ImmutableArray<bool> restoresMask;

    internal LaunchPlan(
        CloneFlags flags,
        Slot? cgroup,
        Slot? launcher,
        Slot? failureReport,
        ImmutableArray<Slot> companions,
        bool undumpable,
        bool hidesItself,
        ImmutableArray<Step> steps,
        ImmutableArray<bool> restoresMask,
        ImmutableArray<Slot> slots,
        ImmutableArray<Scratch> scratch,
        bool waitsForParent,
        bool spawns,
        SealedPart? sealedPart
    )
    {
        CloneFlags = flags;
        Cgroup = cgroup;
        Launcher = launcher;
        FailureReport = failureReport;
        Companions = companions;
        Undumpable = undumpable;
        HidesItself = hidesItself;
        Steps = steps;
        Slots = slots;
        Scratch = scratch;
        WaitsForParent = waitsForParent;
        Spawns = spawns;
        Sealed = sealedPart;
        this.restoresMask = restoresMask;
    }

    /// <summary>The namespaces that the process is created in, and nothing else: what the launcher itself needs it adds.</summary>
    public CloneFlags CloneFlags { get; }

    /// <summary>An input slot with the directory of a v2 cgroup to create the process in (CLONE_INTO_CGROUP).</summary>
    public Slot? Cgroup { get; }

    /// <summary>
    /// An input slot that the launcher itself fills: a pidfd of the launching process, which is readable once that
    /// process has ended. Null where no step asks.
    /// </summary>
    public Slot? Launcher { get; }

    /// <summary>
    /// An input slot with a descriptor to which a failing step is also reported, for those who are not the launcher:
    /// 16 bytes, the step's index and the errno, each 64 bits in the machine's byte order.
    /// </summary>
    public Slot? FailureReport { get; }

    /// <summary>
    /// Slots that hold the numbers of further processes that steps make as the launcher's children. They are handed over
    /// with the process, and killed where the launch fails.
    /// </summary>
    public ImmutableArray<Slot> Companions { get; }

    /// <summary>
    /// The process will see other processes that are not trusted before it executes its program: the shared memory must
    /// not be open to ptrace(2) meanwhile.
    /// </summary>
    public bool Undumpable { get; }

    /// <summary>
    /// The process closes the shared memory to ptrace(2) by a step of its own, before it sees others: as an ordinary user's
    /// it must write to its files in /proc before, which nobody but root owns afterwards. Where another launch of the same
    /// program closes the memory meanwhile, those steps fail with EACCES.
    /// </summary>
    public bool HidesItself { get; }

    /// <summary>What the child does, in order.</summary>
    public ImmutableArray<Step> Steps { get; }

    /// <summary>The values that it works with.</summary>
    public ImmutableArray<Slot> Slots { get; }

    /// <summary>The memory that it works with.</summary>
    public ImmutableArray<Scratch> Scratch { get; }

    /// <summary>Some step waits for the parent, so the parent must run meanwhile.</summary>
    public bool WaitsForParent { get; }

    /// <summary>The process that executes the program is made by a <see cref="SpawnStep"/>.</summary>
    public bool Spawns { get; }

    /// <summary>
    /// What the calls of the launch itself (gates, signal mask, exit) carry as their sixth argument, which none of them has, so
    /// that a filter that the plan loads knows them; 0 where no filter asks. See <see cref="Calls.SeccompCalls.LoadWithListener"/>.
    /// </summary>
    public long Pass { get; init; }

    /// <summary>
    /// The eight bytes of the signal mask that the program begins with, the first signal in the lowest bit; null is the
    /// launching thread's mask.
    /// </summary>
    public Scratch? SignalMask { get; init; }

    /// <summary>
    /// The numbers that the process that executes the program is to have, 4 bytes each: in its own PID namespace first, then in
    /// the ones around it (clone3(2), set_tid); null leaves them to the kernel.
    /// </summary>
    public Scratch? ProcessIds { get; init; }

    /// <summary>
    /// The least number of the descriptors that the launcher adds by itself for a sealed part, so that none of the numbers is
    /// among them that the plan gives to others.
    /// </summary>
    public int OwnDescriptorsFrom { get; init; }

    /// <summary>
    /// Only the process that a <see cref="SpawnStep"/> makes is in <see cref="Cgroup"/>, not the one that makes it. Not in a
    /// sealed part.
    /// </summary>
    public bool SpawnsIntoCgroup { get; init; }

    /// <summary>What runs in an image of its own; null where the plan has no <see cref="SealStep"/>.</summary>
    internal SealedPart? Sealed { get; }

    /// <summary>The slots that the launcher fills by itself.</summary>
    internal bool IsOwnInput(Slot slot) =>
        ReferenceEquals(slot, Launcher) || (Sealed is { } part && (slot == part.Image || slot == part.Pipe));

    /// <summary>The step executes a program, or the rest of the plan.</summary>
    internal static bool Executes(Step step) =>
        step is CallStep { Call: Syscall.execve or Syscall.execveat } or SealStep;

    /// <summary>Just before the step the child takes its launcher's signal mask, which its program begins with.</summary>
    internal bool RestoresMaskBefore(int step) => restoresMask[step];
}
