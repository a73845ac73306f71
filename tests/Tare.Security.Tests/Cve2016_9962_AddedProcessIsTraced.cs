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
}
