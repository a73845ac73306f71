using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>Which rules a profile gets for a sandbox.</summary>
public sealed class SandboxCallsTests
{
    [Fact]
    public void What_a_profile_never_lets_through_gets_no_rule_so_that_newer_calls_stay_unknown()
    {
        SeccompProfile few = new SeccompProfile(SeccompAnswer.Fail(Errno.EPERM)).Allow("read", "execve", "setpriority");

        SeccompProfile narrowed = SandboxCalls.AmongOthers(SandboxCalls.Always(few));

        Assert.Equal(["setpriority"], narrowed.Rules.Skip(few.Rules.Length).SelectMany(rule => rule.Names).Distinct());
    }

    [Fact]
    public void What_a_profile_kills_for_it_kills_for_still()
    {
        SeccompProfile kills = new SeccompProfile(SeccompAnswer.Allow).Kill("chmod", "shmget");

        SeccompProfile narrowed = SandboxCalls.AmongOthers(SandboxCalls.Always(kills));

        string[] named = [.. narrowed.Rules.Skip(kills.Rules.Length).SelectMany(rule => rule.Names)];
        Assert.DoesNotContain("chmod", named);
        Assert.DoesNotContain("shmget", named);
        Assert.Contains("fchmod", named);
        Assert.Contains("shmat", named);
    }

    [Fact]
    public void What_a_profile_lets_through_or_asks_about_is_held_back_whatever_it_says()
    {
        ArgumentCondition any = new(0, ArgumentComparison.NotEqual, 7);
        SeccompProfile asks = new SeccompProfile(SeccompAnswer.Fail(Errno.EPERM))
            .Notify("shmget")
            .When(SeccompAnswer.Allow, ["keyctl"], any)
            .With((_, _) => ValueTask.FromResult(SystemCallReply.Continue));

        SeccompProfile narrowed = SandboxCalls.AmongOthers(asks);

        Assert.Equal(["shmget", "keyctl"], narrowed.Rules.Skip(asks.Rules.Length).SelectMany(rule => rule.Names));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("asked")]
    public async Task No_profile_gives_back_what_a_level_takes(string profile)
    {
        SandboxAttack.RequireMeans();
        using AttackedProcess victim = new(Starter.Root);
        string before = victim.State;
        SeccompProfile wished =
            profile == "everything"
                ? new SeccompProfile(SeccompAnswer.Allow)
                : new SeccompProfile(SeccompAnswer.Allow)
                    .Notify("prlimit64", "shmget", "setpriority")
                    .With((_, _) => ValueTask.FromResult(SystemCallReply.Continue));

        Dictionary<string, string> said = await SandboxAttack.RunAsync(
            Starter.Root,
            new() { Level = SandboxLevel.Process, SystemCalls = wished },
            "PROCESSES",
            victim.Number
        );

        Assert.Equal(before, victim.State);
        Assert.All(
            said.Where(attack => attack.Key != "signal_by_owner"),
            attack => Assert.StartsWith("held ", attack.Value, StringComparison.Ordinal)
        );
    }
}
