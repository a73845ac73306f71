using Tare.Cli.Observation;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Watching;

/// <summary><c>tare top</c>: the machine and its processes, live.</summary>
internal static class WatchVerb
{
    private const SnapshotParts Parts = SnapshotParts.CommandLine | SnapshotParts.Io | SnapshotParts.Cgroups;

    /// <summary>Shows until it is told to end.</summary>
    /// <returns>0, or 128 and the signal that ended it.</returns>
    public static int Run(WatchOptions options)
    {
        WatchSources sources = new(new MachineSource(), new ProcessSource(Parts));
        using LiveTerminal? terminal = options.Once || options.Json ? null : LiveTerminal.Open();
        return terminal is null ? Print(options, sources) : new LiveWatch(options, sources, terminal).Run();
    }

    private static int Print(WatchOptions options, WatchSources sources)
    {
        WatchState state = new(options.Order);
        sources.Take();
        do
        {
            Poll.Wait([], options.Interval).OrThrow("wait");
            (MachineSample machine, IReadOnlyList<ProcessRow> rows) = sources.Take();
            IReadOnlyList<ProcessRow> sorted = state.Arrange(rows);
            Output.Write(
                options.Json ? WatchDocument.Format(machine, sorted)
                : options.Once ? WatchText.Format(machine, sorted)
                : WatchText.Format(machine, sorted) + "\n"
            );
        } while (!options.Once);

        return 0;
    }
}

/// <summary>Where looks come from.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Processes">The processes.</param>
internal sealed record WatchSources(MachineSource Machine, ProcessSource Processes)
{
    /// <summary>A look.</summary>
    public (MachineSample Machine, IReadOnlyList<ProcessRow> Rows) Take() => (Machine.Take(), Processes.Take());
}
