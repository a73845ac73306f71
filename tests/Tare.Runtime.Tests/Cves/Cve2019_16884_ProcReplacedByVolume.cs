using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Validation;

namespace Tare.Runtime.Tests.Cves;

/// <summary>An image declared a volume on /proc, and the runtime wrote what was meant for the kernel into the volume's files.</summary>
public sealed class Cve2019_16884_ProcReplacedByVolume
{
    [Fact]
    public void Only_a_procfs_can_be_mounted_on_proc() =>
        Assert.Equal(
            "mounts[7].destination: only a proc file system can be mounted on '/proc'",
            Refusal.Of(Specs.Default.Mount("/proc", "tmpfs", "tmpfs"))
        );

    [Fact]
    public void What_is_bound_on_proc_is_made_sure_of_before_it_is_put_there()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default.Mount("/proc", "", "/var/lib/volume", "bind"));
        int attached = plan.IndexOf("bind '/var/lib/volume' on '/proc'");
        Slot volume = plan.Call(attached).Arguments[0].Slot!;

        int asked = plan.Calls(Syscall.fstatfs).Single(i => plan.Call(i).Arguments[0].Slot == volume);

        Assert.True(asked < attached);
        AssertIs(plan, asked + 1, (ulong)FileSystemMagic.PROC_SUPER_MAGIC);
    }

    [Fact]
    public void Nothing_but_what_decides_nothing_can_be_covered_inside_it() =>
        Assert.StartsWith(
            "mounts[7].destination: '/proc/self/attr' is inside '/proc'",
            Refusal.Of(Specs.Default.Mount("/proc/self/attr", "", "/var/lib/volume", "bind")),
            StringComparison.Ordinal
        );

    internal static void AssertIs(LaunchPlan plan, int index, ulong magic)
    {
        CheckStep check = Assert.IsType<CheckStep>(plan.Steps[index]);
        Assert.Equal((0, 8, ulong.MaxValue, magic), (check.Offset, check.Width, check.Mask, check.Expected));
        Assert.False(check.MustDiffer);
        Assert.Null(check.Otherwise);
    }
}
