using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>What was written into /proc (labels, kernel parameters) went to a file that a shared mount had put in the way.</summary>
public sealed class Cve2025_52881_ProcfsWritesRedirected
{
    [Fact]
    public void A_kernel_parameter_is_written_beneath_the_procfs_and_through_no_mount()
    {
        LaunchPlan plan = TypicalPlans.All["everything"]();
        Slot proc = plan.Call(plan.IndexOf("open the mount on '/proc'")).Result!;

        CallStep open = plan.Call(plan.IndexOf("set the kernel parameter 'kernel.shmmax'"));

        Assert.Equal(proc, open.Arguments[0].Slot);
        Assert.Equal(
            ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV,
            PathLaws.HowOf(open).Resolve
        );
    }

    [Fact]
    public void Who_has_no_proc_gets_a_private_one_for_it()
    {
        LaunchPlan plan = Specs.Steps(
            TypicalSpecs.Everything with
            {
                Mounts = [.. TypicalSpecs.Everything.Mounts.Where(mount => mount.Destination != "/proc")],
            }
        );

        Slot made = plan.Call(plan.Calls(Syscall.fsmount)[0]).Result!;

        Assert.Equal(made, plan.Call(plan.IndexOf("set the kernel parameter 'kernel.shmmax'")).Arguments[0].Slot);
        Assert.DoesNotContain(plan.Calls(Syscall.move_mount), i => plan.Call(i).Arguments[0].Slot == made);
    }

    [Theory]
    [InlineData("spec")]
    [InlineData("everything")]
    [InlineData("exec")]
    [InlineData("user-namespace")]
    public void Nothing_else_of_the_containers_is_written_to(string name)
    {
        LaunchPlan plan = TypicalPlans.All[name]();

        int[] written = [.. plan.Calls(Syscall.write).Where(i => i > PathLaws.RootAt(plan))];

        Assert.All(
            written,
            i => Assert.StartsWith("set the kernel parameter", plan.Steps[i].Words, StringComparison.Ordinal)
        );
    }
}
