using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// Containers share a volume; in one, a directory is exchanged for a symlink while another is made that mounts something
/// below it: the mount lands outside of the container, and shows the host to it.
/// </summary>
public sealed class Cve2021_30465_MountTargetIsExchanged
{
    private static readonly int Times = Race.Tries / 2;

    [Theory]
    [InlineData("bind")]
    [InlineData("tmpfs")]
    public void The_mount_lands_inside(string kind)
    {
        using Victim victim = new();
        using SharedVolume volume = new(victim);
        string payload = victim.NewFolder();
        File.WriteAllText(Path.Combine(payload, "payload"), "");

        // The exchange goes on, and the kernel writes the name that the directory has just then: either one, or the one to
        // which the symlink leads inside of the container.
        string look =
            $"grep -qE ' (/vol/a|/vol/b|{victim.Outside})/target ' /proc/self/mountinfo && echo inside || cat /proc/self/mountinfo";
        using Bundle bundle = new(
            ["sh", "-c", look],
            edit: config =>
            {
                config.Bind(volume.Path, "/vol").Writable();
                _ = kind == "bind" ? config.Bind(payload, "/vol/a/target") : config.Mount("/vol/a/target", kind, kind);
            }
        );

        Race race = Race.Run(victim, bundle.Path, Times);

        Assert.True(race.Started > Times / 10, $"too few were made: {race.Errors}");
        Assert.Equal(["inside"], race.Output.Distinct());
        victim.HostShouldBeUntouched();
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_runtime_that_goes_by_the_path_mounts_outside()
    {
        using Victim victim = new();
        using SharedVolume volume = new(victim);
        string target = Directory.CreateDirectory(Path.Combine(victim.Outside, "target")).FullName;

        ToolResult result = Tool.Run(
            "unshare",
            "--mount",
            "sh",
            "-c",
            $"for i in $(seq 2000); do mount -t tmpfs tmpfs {volume.Path}/a/target 2>/dev/null; "
                + $"grep -q ' {target} ' /proc/self/mountinfo && echo outside && exit; done"
        );

        Assert.Equal("outside\n", result.Output);
    }
}
