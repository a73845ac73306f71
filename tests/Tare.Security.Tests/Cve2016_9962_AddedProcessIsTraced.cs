using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// A process that is added to a container is seen by the container's processes before it executes its program. While it is
/// still the runtime's they take its descriptors, its memory, its root directory, or trace it.
/// </summary>
public sealed class Cve2016_9962_AddedProcessIsTraced
{
    private const int Times = 150;

    [Fact]
    public void Processes_of_the_container_get_nothing_of_one_that_is_added()
    {
        using Victim victim = new();
        using Watcher watcher = new(victim);

        Race race = Race.Of("runtime exec \"$2\" true 2>>\"$4\"", victim, watcher.Id, Times);

        Assert.Equal(Times, race.Started);
        Watcher.ShouldHaveNothing(watcher.End());
    }

    [Fact]
    public void With_the_capability_to_trace_they_get_no_more()
    {
        using Victim victim = new();
        using Watcher watcher = new(victim, config => config.Capable("CAP_SYS_PTRACE"));

        Race.Of("runtime exec \"$2\" true 2>>\"$4\"", victim, watcher.Id, Times);

        IReadOnlyDictionary<string, int> counts = watcher.End();
        Watcher.ShouldHaveNothing(counts);
        Assert.Equal(0, counts["denied"]);
    }

    [Fact]
    public void The_attack_gets_everything_of_a_program_of_the_host_that_is_there()
    {
        using Victim victim = new();
        string program = Path.Combine(victim.NewFolder(), "sleep");
        Tool.InstallProgram(Require.Program("sleep"), program);
        using Bundle bundle = new(
            ["/bin/watch", program, victim.Canary, Watcher.Payload],
            edit: config => config.Capable("CAP_SYS_PTRACE")
        );
        Attack.Install(bundle.Rootfs, "watch");
        string id = victim.NewId();
        using RunningTool running = victim.Start(bundle, id, "watching");

        Tool.Run("nsenter", "--target", $"{victim.ProcessOf(id)}", "--pid", program, "0.5").ShouldSucceed();

        string[] counts = running.Wait().ShouldSucceed().Lines;
        foreach (string taken in (string[])["executables", "written", "roots", "memories", "traced"])
        {
            Assert.DoesNotContain($"{taken} 0", counts);
        }

        Assert.StartsWith(Watcher.Payload, File.ReadAllText(program), StringComparison.Ordinal);
    }
}
