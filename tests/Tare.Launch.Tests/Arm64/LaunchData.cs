using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Arm64;

/// <summary>One launch in a program that makes several: its plan, where its data lies and what the launcher writes there.</summary>
internal sealed class LaunchData
{
    private readonly byte[] data;

    public LaunchData(LaunchPlan plan, ulong address, int killBefore = -1)
    {
        Plan = plan;
        Address = address;
        KillBefore = killBefore;
        Layout = new MemoryLayout(plan, trace: false, CpuArchitecture.Arm64);
        data = new byte[Layout.Size];
        Layout.Write(data, address);
    }

    public LaunchPlan Plan { get; }

    public ulong Address { get; }

    public int KillBefore { get; }

    public MemoryLayout Layout { get; }

    public ReadOnlySpan<byte> Bytes => data;

    /// <summary>Writes what the launcher would: the clones' arguments, with a stack that ends at an address, and the gates' descriptors.</summary>
    public LaunchData Prepared(ulong stackEnd, int gate, int launcher)
    {
        LaunchSetup.WriteClones(data, Plan, Address, stackEnd - LaunchSetup.StackSize, cgroup: 0, processIds: 0);
        LaunchSetup.WriteGates(data, gate, launcher, killer: -1);
        return this;
    }
}
