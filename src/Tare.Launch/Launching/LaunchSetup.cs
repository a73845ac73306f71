using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>Writes what the code of a launch takes from its control block: what becomes known last.</summary>
internal static class LaunchSetup
{
    /// <summary>
    /// The size of the stack of a child that its launcher does not wait for. Nothing is ever pushed; one page is there for
    /// the kernel's and the architecture's conventions.
    /// </summary>
    public const int StackSize = 4096;

    /// <summary>The arguments of the clones.</summary>
    /// <param name="control">The control block.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="address">The control block's address.</param>
    /// <param name="stack">The lowest address of the stack.</param>
    /// <param name="cgroup">The descriptor of the v2 cgroup to be born in, or 0.</param>
    /// <param name="processIds">Where the numbers of the process that executes the program are, or 0.</param>
    public static void WriteClones(
        Span<byte> control,
        LaunchPlan plan,
        ulong address,
        ulong stack,
        long cgroup,
        ulong processIds
    )
    {
        ulong levels = (ulong)(plan.ProcessIds?.Content.Length ?? 0) / sizeof(int);
        CloneArguments process = new()
        {
            Flags = LaunchFlags.OfProcess(plan),
            PidFd = address + ControlBlock.PidFd,
            ChildTid = address + ControlBlock.Progress,
            ParentTid = address + ControlBlock.Process,
            Cgroup = (ulong)cgroup,
            SetTid = plan.Spawns ? 0 : processIds,
            SetTidSize = plan.Spawns ? 0 : levels,
        };
        Put(control, ControlBlock.CloneArguments, process);
        if (plan.WaitsForParent)
        {
            CloneArguments holder = new()
            {
                Flags = LaunchFlags.OfHolder,
                PidFd = address + ControlBlock.HolderPidFd,
                ChildTid = address + ControlBlock.Holding,

                // The launcher runs meanwhile and needs its stack itself.
                Stack = stack,
                StackSize = StackSize,
            };
            Put(control, ControlBlock.HolderArguments, holder);
        }

        if (plan is { Spawns: true, Sealed: not { Spawns: true } })
        {
            CloneArguments spawned = new()
            {
                Flags = LaunchFlags.OfSpawned(plan, SpawnOf(plan)),
                ChildTid = address + ControlBlock.Progress,
                ParentTid = address + ControlBlock.SpawnedProcess,
                Cgroup = plan.SpawnsIntoCgroup ? (ulong)cgroup : 0,
                SetTid = processIds,
                SetTidSize = levels,
            };
            Put(control, ControlBlock.SpawnArguments, spawned);
        }
    }

    /// <summary>
    /// The descriptors that gates use: one to be let go on by, one of the launching process; and one to kill that by. -1 for
    /// none.
    /// </summary>
    public static void WriteGates(Span<byte> control, int gate, int launcher, int killer)
    {
        BinaryPrimitives.WriteInt64LittleEndian(control[ControlBlock.KillDescriptor..], killer);
        BinaryPrimitives.WriteInt64LittleEndian(control[ControlBlock.GateDescriptor..], gate);
        Put(control, ControlBlock.GatePoll, new PollDescriptor { Descriptor = gate, Events = PollEvents.POLLIN });
        Put(
            control,
            ControlBlock.GatePoll + 8,
            new PollDescriptor { Descriptor = launcher, Events = PollEvents.POLLIN }
        );
    }

    private static SpawnStep SpawnOf(LaunchPlan plan) => plan.Steps.OfType<SpawnStep>().Single();

    private static void Put<T>(Span<byte> control, int offset, T value)
        where T : struct => MemoryMarshal.Write(control[offset..], in value);
}
