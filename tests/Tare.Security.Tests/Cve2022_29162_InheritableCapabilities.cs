using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// Capabilities that are inheritable although nobody asked for it: an ordinary user in the container gets them by a file
/// that adds to what is inheritable (also CVE-2022-27650 of crun, CVE-2022-24769 of Moby).
/// </summary>
public sealed class Cve2022_29162_InheritableCapabilities
{
    private const int NetRaw = 13;
    private const string Gained = "CapEff:\t0000000000002000";

    [Fact]
    public void A_program_has_none()
    {
        using Victim victim = new();
        using Bundle bundle = new(["give"], edit: config => config.Capable("CAP_NET_RAW"));
        Attack.Install(bundle.Rootfs, "give");

        Assert.Contains("CapInh:\t0000000000000000", victim.Run(bundle).ShouldSucceed().Lines);
    }

    [Fact]
    public void An_added_program_has_none_whatever_capability_is_added()
    {
        using Victim victim = new();
        using Bundle bundle = Holding(config => config.Capable("CAP_NET_RAW"));
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");

        foreach (
            string[] options in (string[][])
                [
                    [],
                    ["--cap", "CAP_NET_RAW"],
                    ["--user", "1000"],
                ]
        )
        {
            string[] lines = victim.Command(["exec", .. options, id, "give"]).ShouldSucceed().Lines;
            Assert.Contains("CapInh:\t0000000000000000", lines);
        }
    }

    [Fact]
    public void A_user_gains_nothing_from_a_file()
    {
        using Victim victim = new();
        using Bundle bundle = Holding(config => config.Capable("CAP_NET_RAW").MayGainPrivileges());
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");

        Assert.DoesNotContain(Gained, victim.Command("exec", "--user", "1000", id, "holder").Lines);
        Assert.DoesNotContain(
            Gained,
            victim.Command("exec", "--user", "1000", "--cap", "CAP_NET_RAW", id, "holder").Lines
        );
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void The_attack_gains_it_where_a_configuration_asks_for_it()
    {
        using Victim victim = new();
        using Bundle bundle = Holding(config =>
        {
            config.Capable("CAP_NET_RAW").MayGainPrivileges();
            config["process"]!["capabilities"]!["inheritable"] = new JsonArray("CAP_NET_RAW");
        });
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");

        Assert.Contains(Gained, victim.Command("exec", "--user", "1000", id, "holder").ShouldSucceed().Lines);
    }

    private static Bundle Holding(Action<JsonObject> edit)
    {
        Bundle bundle = new(["sh", "-c", "echo ready; cat"], edit: edit);
        Attack.Install(bundle.Rootfs, "give");
        string holder = Path.Combine(bundle.Rootfs, "bin", "holder");
        Tool.InstallProgram(Attack.Program("give"), holder);
        Tool.Run(Attack.Program("give"), holder, $"{NetRaw}").ShouldSucceed();
        return bundle;
    }
}
