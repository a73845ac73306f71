using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Launch.Assembly;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>
/// The memory of one launch, which parent and child share: data (control block, slots, constants), a stack, and the code.
/// The code's pages are written, then made executable, never both at once, and never written again, even where another launch
/// of the plan has the memory after this one. That they were fresh is also what makes the kernel bring an arm64 processor's
/// instruction cache up to date when their protection changes.
/// </summary>
internal sealed class LaunchMemory : IDisposable
{
    private readonly LaunchPlan plan;
    private readonly LaunchOptions options;
    private readonly MemoryLayout layout;
    private readonly AnonymousMemory data;
    private AnonymousMemory? code;

    private LaunchMemory(LaunchPlan plan, LaunchOptions options, MemoryLayout layout, AnonymousMemory data)
    {
        this.plan = plan;
        this.options = options;
        this.layout = layout;
        this.data = data;
    }

    /// <summary>The index of the step that the child is at.</summary>
    public int Step => (int)Word(ControlBlock.Step);

    /// <summary>The index of the step that failed, if <see cref="Errno"/> says that one did.</summary>
    public int FailedStep => (int)Word(ControlBlock.FailedStep);

    /// <summary>The errno of the step that failed.</summary>
    public Errno Errno => (Errno)(int)Word(ControlBlock.Errno);

    /// <summary>The number of the child; 0 where none was made.</summary>
    public int Process => (int)Word(ControlBlock.Process);

    /// <summary>The number of the process that a spawn step made; 0 before.</summary>
    public int SpawnedProcess => (int)Word(ControlBlock.SpawnedProcess);

    /// <summary>The pidfd of the child.</summary>
    public int PidFdNumber => (int)Futex(ControlBlock.PidFd);

    /// <summary>The pidfd of the holder.</summary>
    public int HolderPidFdNumber => (int)Futex(ControlBlock.HolderPidFd);

    private uint Progress => Futex(ControlBlock.Progress);

    /// <summary>Assembles a plan for this processor, or takes memory in which that has been done.</summary>
    /// <exception cref="KernelException">There is no memory, or the kernel forbids to make it executable.</exception>
    public static LaunchMemory Make(LaunchPlan plan, LaunchOptions options) =>
        options.Spares?.Take(plan, options) ?? Assemble(plan, options);

    private static LaunchMemory Assemble(LaunchPlan plan, LaunchOptions options)
    {
        int steps = plan.Sealed?.Seal ?? plan.Steps.Length;
        InstructionEncoder encoder =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? new Arm64Encoder(steps)
                : new X64Encoder(steps);
        MemoryLayout places = new(plan, options.Trace, encoder.Architecture);
        LaunchMemory memory = new(plan, options, places, Map((int)StackOffset(places) + LaunchSetup.StackSize));
        try
        {
            memory.Renew();
            ulong address = (ulong)memory.data.Address;
            CodeGenerator.Launch(
                plan,
                places,
                encoder,
                address,
                options.Trace,
                options.KillLauncherBefore,
                options.FailAt
            );
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

    /// <summary>Writes what the code expects to find besides the slots.</summary>
    /// <param name="cgroup">The descriptor of the v2 cgroup to be born in, or 0.</param>
    /// <param name="gate">The descriptor by which gates are opened, or -1.</param>
    /// <param name="launcher">The descriptor of the launching process, or -1.</param>
    /// <param name="killer">A descriptor that the launching process is killed by when something is written, or -1.</param>
    public void Prepare(long cgroup, int gate, int launcher, int killer)
    {
        ulong address = (ulong)data.Address;
        Span<byte> control = data.Span;
        ulong processIds = plan.ProcessIds is { } ids ? AddressOf(ids) : 0;
        LaunchSetup.WriteClones(control, plan, address, address + StackOffset(layout), cgroup, processIds);
        LaunchSetup.WriteGates(control, gate, launcher, killer);
    }

    /// <summary>Fills a slot.</summary>
    public void Fill(Slot slot, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(data.Span[MemoryLayout.OffsetOf(slot)..], value);

    /// <summary>Writes to scratch memory.</summary>
    public void Write(Scratch memory, int offset, ReadOnlySpan<byte> content) =>
        content.CopyTo(data.Span.Slice(layout.OffsetOf(memory), memory.Content.Length)[offset..]);

    /// <summary>Where scratch memory lies, in this process and in the child.</summary>
    public ulong AddressOf(Scratch memory) => (ulong)data.Address + (ulong)layout.OffsetOf(memory);

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

    /// <summary>
    /// Makes the child. Returns once it has executed its program or ended, or where the plan waits for its parent, once it
    /// runs. No signal is sent when it ends before it has executed a program, and only <see cref="PidFds.Wait"/> reaps it.
    /// </summary>
    /// <returns>The number of the process that was made: the child or its holder.</returns>
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

    /// <summary>Waits until the holder has made the child, or cannot.</summary>
    /// <returns>The child's number, or why there is none; no reason is known where the holder was killed.</returns>
    public SysResult<int> WaitForChild()
    {
        while (Futex(ControlBlock.Holding) == ControlBlock.Making)
        {
            Wait(ControlBlock.Holding, ControlBlock.Making);
        }

        return Process > 0 ? new(Process, Errno.None) : new(0, (Errno)(int)-Word(ControlBlock.HolderResult));
    }

    /// <summary>
    /// Waits until the child has come to a gate, or has executed its program or ended; false in the second case.
    /// </summary>
    public bool WaitForGate(int gate)
    {
        while (true)
        {
            uint progress = Progress;
            if (progress == 0)
            {
                return false;
            }

            // A child that has gone past the gate was let go on before, or had no reason to stop there.
            if (progress != ControlBlock.Running && progress >= (uint)gate)
            {
                return true;
            }

            Wait(ControlBlock.Progress, progress);
        }
    }

    /// <summary>Waits until the child has executed its program or ended.</summary>
    public void WaitForEnd()
    {
        for (uint progress = Progress; progress != 0; progress = Progress)
        {
            Wait(ControlBlock.Progress, progress);
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

    /// <summary>It was made for these.</summary>
    public bool IsOf(LaunchPlan other, LaunchOptions others) => ReferenceEquals(plan, other) && options == others;

    /// <summary>Makes the data what the code expects to find at its start.</summary>
    public void Renew() => layout.Write(data.Span[..layout.Size], (ulong)data.Address);

    /// <summary>Nobody runs in it any more: it is kept for another launch, or unmapped.</summary>
    public void Release()
    {
        if (options.Spares?.Keep(this) != true)
        {
            Dispose();
        }
    }

    /// <summary>Unmaps it; nobody runs in it any more.</summary>
    public void Dispose()
    {
        data.Dispose();
        code?.Dispose();
    }

    private static uint StackOffset(MemoryLayout layout) => (uint)((layout.Size + 15) & -16);

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

    private uint Futex(int offset) =>
        Volatile.Read(ref MemoryMarshal.AsRef<uint>(data.Span.Slice(offset, sizeof(uint))));

    private void Wait(int futex, uint value) => Futexes.Wait(data.Address + futex, value, shared: true);

    private long Word(int offset) => BinaryPrimitives.ReadInt64LittleEndian(data.Span[offset..]);
}
