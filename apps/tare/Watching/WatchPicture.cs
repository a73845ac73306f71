using Tare.Cli.Observation;

namespace Tare.Cli.Watching;

/// <summary>What is known at the moment, with what went before: the matter of a picture.</summary>
internal sealed class WatchPicture
{
    private Dictionary<(int, TimeSpan), History> processes = [];

    /// <summary>Busy processors, in percent of all.</summary>
    public History Cpu { get; } = new();

    /// <summary>Memory in use, in percent.</summary>
    public History Memory { get; } = new();

    /// <summary>Pressure on processors, in percent of the time.</summary>
    public History CpuPressure { get; } = new();

    /// <summary>Pressure on memory.</summary>
    public History MemoryPressure { get; } = new();

    /// <summary>Pressure on disks.</summary>
    public History IoPressure { get; } = new();

    /// <summary>The machine; null before the first look.</summary>
    public MachineSample? Machine { get; private set; }

    /// <summary>All processes.</summary>
    public IReadOnlyList<ProcessRow> Rows { get; private set; } = [];

    /// <summary>Takes the next look.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="rows">The processes.</param>
    /// <param name="isFirst">There are no rates yet to be kept.</param>
    public void Add(MachineSample machine, IReadOnlyList<ProcessRow> rows, bool isFirst)
    {
        (Machine, Rows) = (machine, rows);
        if (isFirst)
        {
            return;
        }

        Cpu.Add(machine.CpuPercent);
        Memory.Add(machine.MemoryPercent);
        CpuPressure.Add(machine.CpuPressure ?? 0);
        MemoryPressure.Add(machine.MemoryPressure ?? 0);
        IoPressure.Add(machine.IoPressure ?? 0);
        Dictionary<(int, TimeSpan), History> next = new(rows.Count);
        foreach (ProcessRow row in rows)
        {
            (int, TimeSpan) key = KeyOf(row);
            bool isKnown = processes.TryGetValue(key, out History? history);

            // What has never run has no history, which most processes of a machine never do.
            if (isKnown || row.Sample.CpuPercent > 0)
            {
                history ??= new();
                history.Add(row.Sample.CpuPercent);
                next[key] = history;
            }
        }

        processes = next;
    }

    /// <summary>Processor time of a process over time; null where it has used none.</summary>
    public History? HistoryOf(ProcessRow row) => processes.GetValueOrDefault(KeyOf(row));

    private static (int, TimeSpan) KeyOf(ProcessRow row) => (row.Process.ProcessId, row.Process.StartedAfterBoot);
}
