using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Tests.Planning.Laws;

namespace Tare.Runtime.Tests.Cves;

/// <summary>
/// /dev/pts/N was exchanged before it was bound on /dev/console, before anything was masked. CVE-2026-88264: the name
/// /dev/console itself was a symlink, where /dev was the image's.
/// </summary>
public sealed class Cve2025_52565_ConsoleMountedOverAnything
{
    private static readonly RuntimeSpec WithoutDev = TypicalSpecs.Terminal with
    {
        Mounts = [.. TypicalSpecs.Terminal.Mounts.Where(mount => mount.Destination != "/dev")],
    };

    [Fact]
    public void The_terminal_comes_from_the_multiplexer_and_not_by_a_name()
    {
        LaunchPlan plan = Specs.Steps(TypicalSpecs.Terminal);
        Slot terminal = plan.Call(plan.IndexOf("open the terminal")).Result!;

        Assert.Equal(Syscall.ioctl, plan.Call(plan.IndexOf("open the terminal")).Call);
        Assert.Equal(terminal, plan.Call(plan.IndexOf("bind the terminal on '/dev/console'")).Arguments[0].Slot);
    }

    [Fact]
    public void The_multiplexer_is_opened_in_a_devpts_and_through_nothing_else()
    {
        LaunchPlan plan = Specs.Steps(WithoutDev);
        int opened = plan.IndexOf("open '/dev/pts/ptmx'");
        Slot directory = plan.Call(opened).Arguments[0].Slot!;

        int asked = plan.Calls(Syscall.fstatfs).Single(i => plan.Call(i).Arguments[0].Slot == directory);
        Assert.True(asked < opened);
        Cve2019_16884_ProcReplacedByVolume.AssertIs(plan, asked + 1, (ulong)FileSystemMagic.DEVPTS_SUPER_MAGIC);
        Assert.Equal(
            ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV,
            PathLaws.HowOf(plan.Call(opened)).Resolve
        );
    }

    [Fact]
    public void A_symlink_in_the_place_of_the_console_is_not_followed()
    {
        LaunchPlan plan = Specs.Steps(WithoutDev);

        int bound = plan.Calls(Syscall.move_mount).Single(i => plan.Call(i).Arguments[3].AsText() == "console");

        Assert.Equal((long)MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH, plan.Call(bound).Arguments[4].Value);
        Assert.True(bound < plan.IndexOf("mask the file '/proc/kcore'"));
    }
}
