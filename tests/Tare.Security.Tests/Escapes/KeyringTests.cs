using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests.Escapes;

/// <summary>The keys in the session keyring of whoever calls the runtime: tickets, passphrases. keyrings(7).</summary>
public sealed class KeyringTests
{
    private const string Secret = "passphrase";

    [Fact]
    public void A_containers_program_has_none_of_the_callers_keys()
    {
        using Victim victim = new();
        using Bundle bundle = new(["keys", "show"]);
        Attack.Install(bundle.Rootfs, "keys");

        ToolResult result = WithSecret(victim, "run", "--bundle", bundle.Path, victim.NewId());

        Assert.Equal("no secret\n", result.ShouldSucceed().Output);
    }

    [Fact]
    public void An_added_program_has_none_of_the_callers_keys()
    {
        using Victim victim = new();
        using Bundle bundle = new(["sh", "-c", "echo ready; cat"]);
        Attack.Install(bundle.Rootfs, "keys");
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "ready");

        ToolResult result = WithSecret(victim, "exec", id, "keys", "show");

        Assert.Equal("no secret\n", result.ShouldSucceed().Output);
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_container_that_keeps_the_callers_keyring_has_its_keys()
    {
        using Victim victim = new();
        using Bundle bundle = new(["keys", "show"]);
        Attack.Install(bundle.Rootfs, "keys");

        ToolResult result = WithSecret(victim, "run", "--no-new-keyring", "--bundle", bundle.Path, victim.NewId());

        Assert.Equal($"secret {Secret}\n", result.ShouldSucceed().Output);
    }

    [Fact]
    public void A_keyring_of_a_containers_name_that_somebody_has_made_is_not_joined()
    {
        using Victim victim = new();
        using Bundle bundle = new(["keys", "show"]);
        Attack.Install(bundle.Rootfs, "keys");
        string id = victim.NewId();

        ToolResult result = Tool.Run(
            Attack.Program("keys"),
            "named",
            $"_ses.{id}",
            Secret,
            victim.Runtime,
            "--root",
            victim.State,
            "run",
            "--bundle",
            bundle.Path,
            id
        );

        Assert.Equal("no secret\n", result.ShouldSucceed().Output);
    }

    private static ToolResult WithSecret(Victim victim, params string[] arguments) =>
        Tool.Run(
            Attack.Program("keys"),
            ["with", Secret, victim.Runtime, "--root", victim.State, .. arguments],
            new ToolOptions()
        );
}
