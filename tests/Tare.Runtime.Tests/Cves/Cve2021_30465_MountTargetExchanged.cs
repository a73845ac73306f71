using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Cves;

/// <summary>A mount's target was checked, then exchanged for a symlink by another container, then mounted on by its path.</summary>
public sealed class Cve2021_30465_MountTargetExchanged
{
    [Fact]
    public void What_is_mounted_on_is_what_was_looked_at()
    {
        LaunchPlan plan = TypicalPlans.All["mounts"]();
        int attached = plan.IndexOf("bind '/srv/web/volumes/data' on '/data'");
        Slot target = plan.Call(attached).Arguments[2].Slot!;

        Assert.Equal("", plan.Call(attached).Arguments[3].AsText());
        int looked = plan.Calls(Syscall.fstatfs).Single(i => plan.Call(i).Arguments[0].Slot == target);
        Assert.True(looked < attached);
        CheckStep check = Assert.IsType<CheckStep>(plan.Steps[looked + 1]);
        Assert.True(check.MustDiffer);
        Assert.Equal((ulong)FileSystemMagic.PROC_SUPER_MAGIC, check.Expected);
    }

    [Fact]
    public void A_file_system_is_mounted_on_the_directory_that_was_opened()
    {
        LaunchPlan plan = TypicalPlans.All["mounts"]();

        foreach (int i in plan.Calls(Syscall.mount).Where(i => plan.Call(i).Arguments[1].AsText() == "."))
        {
            Assert.Equal(Syscall.fchdir, plan.Call(i - 1).Call);
        }
    }

    [Fact]
    public void What_is_done_to_a_mount_later_is_done_to_the_mount_that_was_made()
    {
        LaunchPlan plan = TypicalPlans.All["mounts"]();
        Slot made = plan.Call(plan.IndexOf("mount tmpfs on '/run'")).Arguments[0].Slot!;

        Assert.Equal(made, plan.Call(plan.IndexOf("make '/run' read-only")).Arguments[0].Slot);
        Assert.Contains(plan.Calls(Syscall.fsmount), i => plan.Call(i).Result == made);
    }
}
