using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Cves;

/// <summary>A process of the container traced the runtime while it entered, and took its descriptors.</summary>
public sealed class Cve2016_9962_RuntimeTracedFromInside
{
    [Theory]
    [InlineData("exec")]
    [InlineData("exec-terminal")]
    [InlineData("namespaces-joined-pid")]
    [InlineData("namespaces-joined-user")]
    public void Who_comes_among_processes_that_are_not_trusted_cannot_be_traced(string name) =>
        Assert.True(TypicalPlans.All[name]().Undumpable);

    [Fact]
    public void Who_is_added_to_a_container_is_seen_there_only_once_it_has_given_up_every_privilege()
    {
        LaunchPlan plan = TypicalPlans.All["exec-terminal"]();
        int spawned = plan.IndexOf("create the process in the container");

        Assert.All(
            (Syscall[])
                [Syscall.setns, Syscall.openat, Syscall.openat2, Syscall.setgroups, Syscall.setresuid, Syscall.capset],
            call => Assert.All(plan.Calls(call), i => Assert.True(i < spawned))
        );
    }
}
