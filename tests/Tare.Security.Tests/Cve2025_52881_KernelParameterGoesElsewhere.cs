using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// By a symlink that is exchanged, a mount lands on /proc or in it, so that what the runtime writes to the kernel afterwards
/// (parameters, labels) goes into a file that the attacker chose, with the runtime's rights (also CVE-2025-62596 of youki).
/// </summary>
public sealed class Cve2025_52881_KernelParameterGoesElsewhere
{
    private static readonly int Times = Race.Tries / 4;
    private const string Look =
        "grep -q '^0.7$' /proc/sys/net/ipv4/ping_group_range && stat -f -c %t /proc /proc/sys/net/ipv4; exit 0";

    [Theory]
    [InlineData("/proc", "/vol/a")]
    [InlineData("/proc/sys", "/vol/a")]
    [InlineData("/proc", "/vol/a/sys")]
    [InlineData("/proc/sys/net", "/vol/a/ipv4")]
    public void The_kernel_alone_is_written_to(string target, string destination)
    {
        using Victim victim = new();
        using SharedVolume volume = new(victim, target);
        string fake = Fake(victim);
        using Bundle bundle = new(
            ["sh", "-c", Look],
            edit: config =>
                config
                    .Bind(volume.Path, "/vol")
                    .Bind(fake, destination)
                    .Sysctl("net.ipv4.ping_group_range", "0 7")
                    .Writable()
        );

        Race race = Race.Run(victim, bundle.Path, Times);

        Assert.True(race.Refused > 0, "the attack never met the runtime");
        Assert.All(race.Output, line => Assert.Equal("9fa0", line));
        Assert.Equal(2 * race.Started, race.Output.Length);
        victim.HostShouldBeUntouched();
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void Links_of_the_attackers_lead_a_writer_by_the_path_to_the_host()
    {
        using Victim victim = new();
        string fake = Fake(victim);

        Tool.Run(
                "unshare",
                "--mount",
                "sh",
                "-c",
                $"mount --bind {fake} /proc && echo 0 7 >/proc/sys/net/ipv4/ping_group_range"
            )
            .ShouldSucceed();

        Assert.Equal("0 7\n", File.ReadAllText(victim.Canary));
    }

    // Wherever it is mounted, the parameter's path leads to the canary.
    private static string Fake(Victim victim)
    {
        string folder = victim.NewFolder();
        foreach (string parent in (string[])["sys/net/ipv4", "net/ipv4", "ipv4", "."])
        {
            string path = Path.Combine(folder, parent);
            Directory.CreateDirectory(path);
            File.CreateSymbolicLink(Path.Combine(path, "ping_group_range"), victim.Canary);
        }

        return folder;
    }
}
