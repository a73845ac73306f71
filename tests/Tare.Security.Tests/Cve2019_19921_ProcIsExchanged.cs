using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// Two containers share a root file system; in one, /proc is exchanged for a symlink to files of the attacker's while the
/// other is made, so that the kernel parameters meant for the kernel are written to them, or through them.
/// </summary>
public sealed class Cve2019_19921_ProcIsExchanged
{
    private static readonly int Times = Race.Tries;

    [Fact]
    public void The_kernel_alone_is_written_to()
    {
        using Victim victim = new();

        // The exchange goes on, and what is mounted goes along with the directory's name.
        const string Look =
            "for i in 1 2 3 4 5 6 7 8 9; do for p in /proc /proc-link; do "
            + "grep -q '^0.7$' $p/sys/net/ipv4/ping_group_range && echo set && exit; done; done";
        using Bundle bundle = new(
            ["sh", "-c", Look],
            edit: config => config.Sysctl("net.ipv4.ping_group_range", "0 7").Writable()
        );
        string fake = Path.Combine(bundle.Rootfs, "fake");
        Fake(fake);
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "proc-link"), "/fake");
        using Bundle attacker = new(
            ["/bin/swap", "/shared/proc", "/shared/proc-link"],
            edit: config => config.Bind(bundle.Rootfs, "/shared")
        );
        Attack.Install(attacker.Rootfs, "swap");
        using RunningTool attack = victim.Start(attacker, victim.NewId(), "swapping");

        Race race = Race.Run(victim, bundle.Path, Times);

        // A container that started has its parameter set, and that is not in the attacker's files.
        Assert.Equal(["set"], race.Output.Distinct());
        Assert.True(race.Refused > 0, "the attack never met the runtime");
        Assert.Equal("unchanged", File.ReadAllText(Path.Combine(fake, "sys", "net", "ipv4", "ping_group_range")));
        victim.HostShouldBeUntouched();
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_writer_that_goes_by_the_path_is_led_astray()
    {
        using Victim victim = new();
        string fake = victim.NewFolder();
        Fake(fake);
        string link = Path.Combine(victim.NewFolder(), "proc");
        File.CreateSymbolicLink(link, fake);

        Tool.Run("sh", "-c", $"echo 0 7 >{link}/sys/net/ipv4/ping_group_range").ShouldSucceed();

        Assert.Equal("0 7\n", File.ReadAllText(Path.Combine(fake, "sys", "net", "ipv4", "ping_group_range")));
    }

    private static void Fake(string folder)
    {
        string parameters = Path.Combine(folder, "sys", "net", "ipv4");
        Directory.CreateDirectory(parameters);
        File.WriteAllText(Path.Combine(parameters, "ping_group_range"), "unchanged");
    }
}
