using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// /dev/null, with which masked paths are covered, is exchanged for a symlink to a file of the kernel's: that is bound over
/// the masked path instead, writable.
/// </summary>
public sealed class Cve2025_31133_NullDeviceIsExchanged
{
    private static readonly int Times = Race.Tries;
    private const string Look = "stat -c %t:%T /proc/keys; stat -c %t:%T /proc/timer_list; exit 0";

    [Theory]
    [InlineData("ln -s /proc/sys/kernel/domainname null")]
    [InlineData("ln -s /etc/passwd null")]
    [InlineData("ln -s ../../../../../../../../../../../dev/kmsg null")]
    [InlineData("touch null")]
    [InlineData("mkdir null")]
    [InlineData("mkfifo null")]
    [InlineData("mknod null c 1 11")]
    [InlineData("mknod null b 1 3")]
    public void What_is_not_the_null_device_covers_nothing(string plant)
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", Look], edit: config => config.WithoutDev().Writable());
        Tool.Run("sh", "-c", $"cd {bundle.Rootfs}/dev && {plant}").ShouldSucceed();

        ToolResult result = victim.Run(bundle);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Whatever_is_exchanged_masked_paths_are_covered_by_the_null_device()
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", Look], edit: config => config.WithoutDev().Writable());
        Tool.Run(
            "sh",
            "-c",
            $"cd {bundle.Rootfs}/dev && mknod -m 666 null c 1 3 && ln -s /proc/sys/kernel/domainname link"
        );
        using Bundle attacker = new(
            ["/bin/swap", "/shared/dev/null", "/shared/dev/link"],
            edit: config => config.Bind(bundle.Rootfs, "/shared")
        );
        Attack.Install(attacker.Rootfs, "swap");
        using RunningTool attack = victim.Start(attacker, victim.NewId(), "swapping");

        Race race = Race.Run(victim, bundle.Path, Times);

        Assert.True(
            race.Started > 0 && race.Refused > 0,
            $"{race.Started} started, {race.Refused} refused: {race.Errors}"
        );
        Assert.Equal(["1:3"], race.Output.Distinct());
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_mask_by_the_path_is_the_attackers_file()
    {
        using Victim victim = new();
        using Bundle bundle = new(["true"]);
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "dev", "null"), "/proc/sys/kernel/domainname");

        ToolResult result = Tool.Run(
            "unshare",
            "--mount",
            "sh",
            "-c",
            $"mount --bind {bundle.Rootfs}/dev/null /proc/keys && stat -c '%t:%T %A' /proc/keys"
        );

        Assert.Equal("0:0 -rw-r--r--\n", result.Output);
    }
}
