using System.Buffers.Binary;
using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Arm64;

/// <summary>One launch in a program that makes several: its plan, where its data lies and what the launcher writes there.</summary>
internal sealed class LaunchData
{
    private const ulong SignalChild = 17;
    private const short PollIn = 1;
    private readonly byte[] data;

    public LaunchData(LaunchPlan plan, ulong address)
    {
        Plan = plan;
        Address = address;
        Layout = new MemoryLayout(plan, trace: false, CpuArchitecture.Arm64);
        data = new byte[Layout.Size];
        Layout.Write(data, address);
    }

    public LaunchPlan Plan { get; }

    public ulong Address { get; }

    public MemoryLayout Layout { get; }

    public ReadOnlySpan<byte> Bytes => data;

    /// <summary>Writes the arguments of the launch's clones; <paramref name="stack"/> is the top of one of 4096 bytes.</summary>
    public LaunchData WithClone(ulong stack)
    {
        int clone = ControlBlock.CloneArguments;
        Put(clone, (ulong)LaunchFlags.OfProcess(Plan));
        Put(clone + 8, Address + ControlBlock.PidFd);
        Put(clone + 16, Address + ControlBlock.Progress);
        Put(clone + 32, SignalChild);
        if (Plan.WaitsForParent)
        {
            Put(clone + 40, stack - 4096);
            Put(clone + 48, 4096);
        }

        if (Plan.Steps.OfType<SpawnStep>().FirstOrDefault() is { } spawn)
        {
            Put(ControlBlock.SpawnArguments, (ulong)LaunchFlags.OfSpawned(Plan, spawn));
            Put(ControlBlock.SpawnArguments + 16, Address + ControlBlock.Progress);
            Put(ControlBlock.SpawnArguments + 24, Address + ControlBlock.SpawnedProcess);
        }

        return this;
    }

    /// <summary>The descriptor that gates wait for.</summary>
    public LaunchData WithGate(int descriptor)
    {
        Put(ControlBlock.GateDescriptor, (ulong)descriptor);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(ControlBlock.GatePoll), descriptor);
        BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(ControlBlock.GatePoll + 4), PollIn);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(ControlBlock.GatePoll + 8), -1);
        return this;
    }

    private void Put(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(offset), value);
}
