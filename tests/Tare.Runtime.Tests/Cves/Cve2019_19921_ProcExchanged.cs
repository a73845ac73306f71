using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>
/// Two containers that shared a volume exchanged what /proc led to while it was being mounted. Came back as
/// CVE-2023-27561, where an image's /proc was a symlink.
/// </summary>
public sealed class Cve2019_19921_ProcExchanged
{
    [Fact]
    public void A_symlink_in_the_place_of_proc_is_not_followed()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);

        int[] opened = [.. plan.Calls(Syscall.openat2).Where(i => plan.Call(i).Arguments[1].AsText() == "proc")];

        Assert.NotEmpty(opened);
        Assert.All(
            opened,
            i => Assert.True((PathLaws.HowOf(plan.Call(i)).Resolve & ResolveFlags.RESOLVE_NO_SYMLINKS) != 0)
        );
    }

    [Fact]
    public void What_proc_leads_to_afterwards_is_made_sure_of_and_then_held()
    {
        LaunchPlan plan = Specs.Steps(Specs.Default);
        int mounted = plan.IndexOf("open the mount on '/proc'");
        Slot proc = plan.Call(mounted).Result!;

        Cve2019_16884_ProcReplacedByVolume.AssertIs(plan, mounted + 2, (ulong)FileSystemMagic.PROC_SUPER_MAGIC);
        Assert.All(
            plan.Calls(Syscall.openat2)
                .Where(i => plan.Steps[i].Words.StartsWith("open '/proc/", StringComparison.Ordinal)),
            i => Assert.Equal(proc, plan.Call(i).Arguments[0].Slot)
        );
    }
}
