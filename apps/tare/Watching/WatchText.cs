using System.Globalization;
using Tare.Cli.Observation;
using Tare.Cli.Reporting;

namespace Tare.Cli.Watching;

/// <summary>A look at the machine as plain text, for what is no terminal.</summary>
internal static class WatchText
{
    /// <summary>Four lines of the machine, then a line for each process.</summary>
    public static string Format(MachineSample machine, IReadOnlyList<ProcessRow> rows)
    {
        PlainColumns table = new([true, false, false, true, true, true, true, true, false, false]);
        table.Add(["PID", "USER", "STATE", "CPU%", "RSS", "READ/S", "WRITTEN/S", "TIME", "CONTAINER", "COMMAND"]);
        foreach (ProcessRow row in rows)
        {
            table.Add([
                row.Process.ProcessId.ToString(CultureInfo.InvariantCulture),
                row.User,
                row.Process.State.ToString(),
                row.Sample.CpuPercent.ToString("0.0", CultureInfo.InvariantCulture),
                Words.Size(row.Process.Memory.Resident),
                WatchWords.Rate(row.Sample.ReadBytesPerSecond),
                WatchWords.Rate(row.Sample.WrittenBytesPerSecond),
                WatchWords.Clock(row.Process.CpuTime),
                row.Container is { } name ? Visible.Of(ContainerName.Short(name)) : "-",
                row.Branch + row.Command,
            ]);
        }

        return $"{WatchWords.Summary(machine, rows)}\n"
            + $"processors: {WatchWords.Percent(machine.CpuPercent)} of {machine.Processors} (user {WatchWords.Percent(machine.UserPercent)}, kernel {WatchWords.Percent(machine.SystemPercent)}, waiting for disks {WatchWords.Percent(machine.WaitPercent)}, stolen {WatchWords.Percent(machine.StolenPercent)})\n"
            + $"memory: {Words.Size(machine.Memory.Used)} of {Words.Size(machine.Memory.Total)}, swap {Words.Size(machine.Memory.SwapTotal - machine.Memory.SwapFree)} of {Words.Size(machine.Memory.SwapTotal)}\n"
            + $"pressure: processors {WatchWords.Percent(machine.CpuPressure)}, memory {WatchWords.Percent(machine.MemoryPressure)}, disks {WatchWords.Percent(machine.IoPressure)}\n"
            + table.Format(null);
    }
}
