using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>An image whose /proc (or a mount's target) was a symlink into another place got around what /proc must hide.</summary>
public sealed class Cve2023_28642_ProcIsASymlink
{
    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    [InlineData("dev")]
    public void The_kernels_own_directories_are_no_symlinks(string name)
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);

        int[] opened = [.. plan.Calls(Syscall.openat2).Where(i => plan.Call(i).Arguments[1].AsText() == name)];

        Assert.NotEmpty(opened);
        Assert.All(
            opened,
            i => Assert.True((PathLaws.HowOf(plan.Call(i)).Resolve & ResolveFlags.RESOLVE_NO_SYMLINKS) != 0)
        );
    }

    [Fact]
    public void A_target_that_leads_into_proc_is_refused()
    {
        // What /srv/link is in the image is known only when it has been opened.
        LaunchPlan plan = Specs.Steps(Specs.Default.Mount("/srv/link", "", "/var/lib/volume", "bind"));

        int check = plan.IndexOf("make sure that '/srv/link' does not lead into a procfs");

        Assert.True(check < plan.IndexOf("bind '/var/lib/volume' on '/srv/link'"));
        Assert.Equal(Errno.EXDEV, Assert.IsType<CheckStep>(plan.Steps[check + 1]).Failure);
    }

    [Fact]
    public void What_proc_hides_is_hidden_in_the_procfs_that_was_made_sure_of()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);
        Slot proc = plan.Call(plan.IndexOf("open the mount on '/proc'")).Result!;

        Assert.Equal(proc, plan.Call(plan.IndexOf("open '/proc/kcore'")).Arguments[0].Slot);
        Assert.Equal(proc, plan.Call(plan.IndexOf("open '/proc/sys'")).Arguments[0].Slot);
    }
}
