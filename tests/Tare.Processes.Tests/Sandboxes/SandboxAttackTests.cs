using System.Collections.Concurrent;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>What a hostile program does to processes, to named memory and to the machine outside of its sandbox.</summary>
public sealed class SandboxAttackTests
{
    private static readonly ConcurrentDictionary<(Starter, SandboxLevel), Lazy<Task<Outcome>>> OnProcesses = [];

    // What fails nowhere, and what leads to a process of its own where there are no others: the victim shows what came of it.
    private static readonly string[] Unseen = ["signal_by_owner"];
    private static readonly string[] OnItself = ["io_priority_of_own_user_by_more_bits"];

    public static MatrixTheoryData<Starter, SandboxLevel, string> ProcessAttacks =>
        new(Enum.GetValues<Starter>(), Enum.GetValues<SandboxLevel>(), NamesOf("PROCESSES"));

    /// <summary>All in one sandbox, each a test.</summary>
    [Theory]
    [MemberData(nameof(ProcessAttacks))]
    public async Task A_process_outside_is_held_away(Starter starter, SandboxLevel level, string attack)
    {
        SandboxAttack.RequireMeans();
        Outcome outcome = await OnProcesses
            .GetOrAdd((starter, level), _ => new(() => AttackProcessAsync(starter, level)))
            .Value;

        Assert.Equal(outcome.Before, outcome.After);
        if (!Unseen.Contains(attack) && (level == SandboxLevel.Process || !OnItself.Contains(attack)))
        {
            Assert.StartsWith("held ", outcome.Said[attack], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_program_that_started_it_is_held_away()
    {
        SandboxAttack.RequireMeans();
        Dictionary<string, string> said = await SandboxAttack.RunAsync(
            Starter.User,
            new() { Level = SandboxLevel.Process },
            "PROCESSES",
            "parent"
        );

        Assert.Equal(NamesOf("PROCESSES"), said.Keys);
        Assert.All(
            said.Where(attack => !Unseen.Contains(attack.Key)),
            attack => Assert.StartsWith("held ", attack.Value, StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(SandboxAttack.Everybody), MemberType = typeof(SandboxAttack))]
    public async Task Memory_semaphores_and_queues_of_its_user_are_held_away_and_none_are_left(
        Starter starter,
        SandboxLevel level
    )
    {
        SandboxAttack.RequireMeans();
        int key = 0x7A00_0000 | Random.Shared.Next(0x7F_FFFF) << 1;
        SandboxAttack.Outside(starter, "make_ipc", $"{key}");
        try
        {
            Dictionary<string, string> said = await SandboxAttack.RunAsync(
                starter,
                new() { Level = level },
                "IPC",
                $"{key}"
            );

            Assert.Equal("intact 0 1 queue", FirstLine(SandboxAttack.Outside(starter, "look_at_ipc", $"{key}")));
            Assert.Equal(
                "no memory no semaphore no messages no queue",
                FirstLine(SandboxAttack.Outside(starter, "look_at_ipc", $"{key + 1}"))
            );
            Assert.Equal(NamesOf("IPC"), said.Keys);
            Assert.All(
                said.Where(attack =>
                    level == SandboxLevel.Process || !attack.Key.StartsWith("leave_", StringComparison.Ordinal)
                ),
                attack => Assert.StartsWith("held ", attack.Value, StringComparison.Ordinal)
            );
        }
        finally
        {
            SandboxAttack.Outside(starter, "remove_ipc", $"{key}");
        }
    }

    private static readonly ConcurrentDictionary<
        (Starter, SandboxLevel),
        Lazy<Task<Dictionary<string, string>>>
    > OnMachine = [];

    public static MatrixTheoryData<Starter, SandboxLevel, string> MachineAttacks =>
        new(Enum.GetValues<Starter>(), Enum.GetValues<SandboxLevel>(), NamesOf("MACHINE"));

    [Theory]
    [MemberData(nameof(MachineAttacks))]
    public async Task The_machine_is_held_away(Starter starter, SandboxLevel level, string attack)
    {
        SandboxAttack.RequireMeans();
        Dictionary<string, string> said = await OnMachine
            .GetOrAdd(
                (starter, level),
                _ => new(() => SandboxAttack.RunAsync(starter, new() { Level = level }, "MACHINE"))
            )
            .Value;

        Assert.StartsWith("held ", said[attack], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxLevel.Process, "narrow_call")]
    [InlineData(SandboxLevel.Process, "x32_call")]
    [InlineData(SandboxLevel.Container, "narrow_call")]
    [InlineData(SandboxLevel.Container, "x32_call")]
    public async Task Calls_by_another_way_end_the_program(SandboxLevel level, string attack)
    {
        SandboxAttack.RequireMeans();
        string said = await SandboxAttack.OutputOfAsync(
            Starter.Root,
            new() { Level = level },
            SandboxAttack.Python,
            "-c",
            SandboxAttack.Script,
            attack
        );

        Assert.Equal("end=ForbiddenCall\n", said);
    }

    /// <summary>The names of a table's attacks.</summary>
    internal static string[] NamesOf(string kind) =>
        [
            .. SandboxAttack
                .Script.Split('\n')
                .SkipWhile(line => line != $"{kind} = dict(")
                .Skip(1)
                .TakeWhile(line => line != ")")
                .Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line[4] is >= 'a' and <= 'z')
                .Where(line => line.Contains('=', StringComparison.Ordinal))
                .Select(line => line.Trim().Split('=')[0]),
        ];

    private static async Task<Outcome> AttackProcessAsync(Starter starter, SandboxLevel level)
    {
        using AttackedProcess victim = new(starter);
        string before = victim.State;
        Dictionary<string, string> said = await SandboxAttack.RunAsync(
            starter,
            new() { Level = level },
            "PROCESSES",
            victim.Number
        );
        return new(said, before, victim.State);
    }

    private static string FirstLine(string text) => text.Split('\n')[0];

    private sealed record Outcome(Dictionary<string, string> Said, string Before, string After);
}
