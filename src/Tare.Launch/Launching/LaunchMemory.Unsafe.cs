using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Launch.Assembly;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// The memory of one launch, which parent and child share: data (control block, slots, constants), a stack, and the code.
/// The code's pages are written, then made executable, never both at once. They are fresh for each launch, which is also
/// what makes the kernel bring an arm64 processor's instruction cache up to date when their protection changes.
/// </summary>
internal sealed class LaunchMemory : IDisposable
{
    /// <summary>Nothing is ever pushed; one page is there for the kernel's and the architecture's conventions.</summary>
    private const int StackSize = 4096;

    private readonly LaunchPlan plan;
    private readonly MemoryLayout layout;
    private readonly AnonymousMemory data;
    private AnonymousMemory? code;

    private LaunchMemory(LaunchPlan plan, MemoryLayout layout, AnonymousMemory data)
    {
        this.plan = plan;
        this.layout = layout;
        this.data = data;
    }

    /// <summary>The index of the step that the child is at.</summary>
    public int Step => (int)Word(ControlBlock.Step);

    /// <summary>The errno of the step that failed.</summary>
    public Errno Errno => (Errno)(int)Word(ControlBlock.Errno);

    /// <summary>The number of the process that a spawn step made; 0 before.</summary>
    public int SpawnedProcess => (int)Word(ControlBlock.SpawnedProcess);

    /// <summary>The pidfd that clone3 gave.</summary>
    public int PidFdNumber => BinaryPrimitives.ReadInt32LittleEndian(data.Span[ControlBlock.PidFd..]);

    private nint ProgressAddress => data.Address + ControlBlock.Progress;

    private uint Progress => Volatile.Read(ref MemoryMarshal.AsRef<uint>(ProgressBytes));

    private Span<byte> ProgressBytes => data.Span.Slice(ControlBlock.Progress, sizeof(uint));

    /// <summary>Assembles a plan for this processor.</summary>
    /// <exception cref="KernelException">There is no memory, or the kernel forbids to make it executable.</exception>
    public static LaunchMemory Make(LaunchPlan plan, LaunchOptions options)
    {
        InstructionEncoder encoder =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? new Arm64Encoder() : new X64Encoder();
        MemoryLayout places = new(plan, options.Trace, encoder.Architecture);
        LaunchMemory memory = new(plan, places, Map(places.Size + 16 + StackSize));
        try
        {
            ulong address = (ulong)memory.data.Address;
            places.Write(memory.data.Span[..places.Size], address);
            CodeGenerator.Launch(plan, places, encoder, address, options.Trace, options.KillLauncherBefore);
            memory.code = Map(encoder.Length);
            encoder.Code.CopyTo(memory.code.Span);
            memory
                .code.Protect(0, memory.code.Length, ProtectionFlags.PROT_READ | ProtectionFlags.PROT_EXEC)
                .OrThrow(
                    "make the launch's code executable",
                    null,
                    "this system forbids executing memory that was written: allow SELinux's execmem, "
                        + "or unset MemoryDenyWriteExecute for this program"
                );
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Writes the arguments of the clones.</summary>
    /// <param name="cgroup">The descriptor of the v2 cgroup to be born in, or 0.</param>
    public void PrepareClones(long cgroup)
    {
        ulong address = (ulong)data.Address;
        CloneArguments process = new()
        {
            Flags = LaunchFlags.OfProcess(plan),
            PidFd = address + ControlBlock.PidFd,
            ChildTid = address + ControlBlock.Progress,
            ExitSignal = (ulong)Signal.SIGCHLD,
            Cgroup = (ulong)cgroup,
        };
        if (plan.WaitsForParent)
        {
            // The launcher runs meanwhile and needs its stack itself.
            process.Stack = address + (ulong)((layout.Size + 15) & -16);
            process.StackSize = StackSize;
        }

        Put(ControlBlock.CloneArguments, process);
        foreach (Step step in plan.Steps)
        {
            if (step is SpawnStep spawn)
            {
                Put(
                    ControlBlock.SpawnArguments,
                    new CloneArguments
                    {
                        Flags = LaunchFlags.OfSpawned(plan, spawn),
                        ChildTid = address + ControlBlock.Progress,
                        ParentTid = address + ControlBlock.SpawnedProcess,
                    }
                );
            }
        }
    }

    /// <summary>Names the descriptors that gates use: one to be let go on by, one of the launching process.</summary>
    public void PrepareGates(int gate, int launcher)
    {
        BinaryPrimitives.WriteInt64LittleEndian(data.Span[ControlBlock.GateDescriptor..], gate);
        Put(ControlBlock.GatePoll, new PollDescriptor { Descriptor = gate, Events = PollEvents.POLLIN });
        Put(ControlBlock.GatePoll + 8, new PollDescriptor { Descriptor = launcher, Events = PollEvents.POLLIN });
    }

    /// <summary>Fills a slot.</summary>
    public void Fill(Slot slot, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(data.Span[MemoryLayout.OffsetOf(slot)..], value);

    /// <summary>What a slot holds.</summary>
    public long this[Slot slot] => Word(MemoryLayout.OffsetOf(slot));

    /// <summary>What all slots hold.</summary>
    public ImmutableArray<long> ReadSlots()
    {
        long[] values = new long[plan.Slots.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = this[plan.Slots[i]];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>Makes the child. Returns once it has executed its program or ended, unless the plan waits for its parent.</summary>
    /// <returns>The child's number.</returns>
    public unsafe SysResult<int> Run()
    {
        delegate* unmanaged<nint, nint> launch = (delegate* unmanaged<nint, nint>)code!.Address;

        // SAFETY: the code was emitted for this processor as a function with this signature that keeps every register
        // which callees must keep; code and data stay mapped until Dispose, before which all processes of the launch have
        // executed their programs or ended. The transition out of managed code lets the garbage collector run meanwhile.
        nint result = launch(data.Address);
        GC.KeepAlive(this);
        return result < 0 ? new(0, (Errno)(int)-result) : new((int)result, Errno.None);
    }

    /// <summary>Waits until the child is at a gate, or has executed its program or ended; false in the second case.</summary>
    public bool WaitForGate(int gate)
    {
        while (true)
        {
            uint progress = Progress;
            if (progress == (uint)gate)
            {
                return true;
            }

            if (progress == 0)
            {
                return false;
            }

            Futexes.Wait(ProgressAddress, progress, shared: true);
        }
    }

    /// <summary>Waits until the child has executed its program or ended.</summary>
    public void WaitForEnd()
    {
        for (uint progress = Progress; progress != 0; progress = Progress)
        {
            Futexes.Wait(ProgressAddress, progress, shared: true);
        }
    }

    /// <summary>When the steps ended.</summary>
    public LaunchTrace ReadTrace()
    {
        ImmutableArray<TimeSpan?>.Builder ends = ImmutableArray.CreateBuilder<TimeSpan?>(plan.Steps.Length);
        for (int i = 1; i <= plan.Steps.Length; i++)
        {
            ends.Add(Time(i));
        }

        return new LaunchTrace(Time(0) ?? TimeSpan.Zero, ends.MoveToImmutable());
    }

    /// <inheritdoc />
    public void Dispose()
    {
        data.Dispose();
        code?.Dispose();
    }

    private static AnonymousMemory Map(int length) =>
        AnonymousMemory.Map(length).OrThrow("map memory for a launch", $"{length} bytes")!;

    private TimeSpan? Time(int position)
    {
        int offset = layout.TraceOffset + (position * 16);
        long seconds = Word(offset);
        long nanoseconds = Word(offset + 8);
        return (seconds | nanoseconds) == 0
            ? null
            : new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    private long Word(int offset) => BinaryPrimitives.ReadInt64LittleEndian(data.Span[offset..]);

    private void Put<T>(int offset, T value)
        where T : struct => MemoryMarshal.Write(data.Span[offset..], in value);
}
