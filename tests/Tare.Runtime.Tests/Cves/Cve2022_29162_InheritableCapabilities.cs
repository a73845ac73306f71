using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Cves;

/// <summary>Containers started with inheritable capabilities that nobody had asked for.</summary>
public sealed class Cve2022_29162_InheritableCapabilities
{
    [Fact]
    public void A_program_inherits_what_was_asked_for_and_nothing_else()
    {
        Assert.Equal((0u, 0u), Inheritable(TypicalPlans.All["spec"]()));
        Assert.Equal((0u, 0u), Inheritable(TypicalPlans.All["exec"]()));
        Assert.Equal((1u << (int)Capability.CAP_NET_BIND_SERVICE, 0u), Inheritable(TypicalPlans.All["everything"]()));
    }

    [Fact]
    public void The_default_asks_for_none() =>
        Assert.Empty(DefaultSpec.Create(unifiedCgroups: true).Process!.Capabilities!.Inheritable);

    // Effective, permitted, inheritable of the lower half, then of the upper. capset(2).
    private static (uint Low, uint High) Inheritable(LaunchPlan plan)
    {
        ReadOnlySpan<byte> sets = plan.Call(plan.Calls(Syscall.capset)[^1]).Arguments[1].Blob.Span;
        return (BitConverter.ToUInt32(sets[8..]), BitConverter.ToUInt32(sets[20..]));
    }
}
