using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>
/// An image's /dev was a symlink out of it, and the runtime removed ptmx and made its links there. (The same in crun:
/// CVE-2026-47766.)
/// </summary>
public sealed class Cve2026_41579_DevIsASymlink
{
    private static readonly RuntimeSpec WithoutDev = Specs.Default with
    {
        Mounts = [.. Specs.Default.Mounts.Where(mount => mount.Destination != "/dev")],
    };

    [Fact]
    public void Names_are_removed_and_made_in_a_directory_that_no_symlink_led_to()
    {
        LaunchPlan plan = Specs.Steps(WithoutDev);
        HashSet<Slot> dev =
        [
            .. plan.Calls(Syscall.openat2)
                .Select(plan.Call)
                .Where(call => call.Arguments[1].AsText() == "dev" && IsPlain(call))
                .Select(call => call.Result!),
        ];

        Assert.Contains(plan.Call(Assert.Single(plan.Calls(Syscall.unlinkat))).Arguments[0].Slot!, dev);
        Assert.All(plan.Calls(Syscall.symlinkat), i => Assert.Contains(plan.Call(i).Arguments[1].Slot!, dev));
        Assert.All(plan.Calls(Syscall.mknodat), i => Assert.Contains(plan.Call(i).Arguments[0].Slot!, dev));
    }

    [Fact]
    public void A_device_that_is_there_already_is_the_right_one()
    {
        LaunchPlan plan = Specs.Steps(WithoutDev);
        int opened = plan.Calls(Syscall.openat).First(i => plan.Call(i).Arguments[1].AsText() == "null");

        Assert.True((plan.Call(opened).Arguments[2].Value & (long)OpenFlags.O_NOFOLLOW) != 0);
        Assert.Equal(1UL | (3UL << 32), Assert.IsType<CheckStep>(plan.Steps[opened + 3]).Expected);
    }

    [Fact]
    public void A_device_gets_its_owner_by_its_descriptor()
    {
        LaunchPlan plan = Specs.Steps(
            WithoutDev.Linux(linux =>
                linux with
                {
                    Devices =
                    [
                        new DeviceSpec
                        {
                            Type = DeviceType.Character,
                            Path = "/dev/x",
                            Major = 1,
                            Minor = 9,
                            Uid = 7,
                        },
                    ],
                }
            )
        );
        CallStep owned = plan.Call(plan.IndexOf("set the owner of '/dev/x'"));

        Assert.Equal("", owned.Arguments[1].AsText());
        Assert.Equal(plan.Call(plan.IndexOf("open '/dev/x'")).Result, owned.Arguments[0].Slot);
    }

    private static bool IsPlain(CallStep call) =>
        (PathLaws.HowOf(call).Resolve & ResolveFlags.RESOLVE_NO_SYMLINKS) != 0;
}
