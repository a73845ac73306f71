using System.Text.Json;
using Tare.Cli.Observation;

namespace Tare.Cli.Watching;

/// <summary>A look of <c>tare top --json</c>, form 1. Times in seconds, sizes in bytes, what may not be known is null.</summary>
internal sealed record WatchDocument(
    int Version,
    double UptimeSeconds,
    string Load,
    int Processors,
    double CpuPercent,
    double UserPercent,
    double SystemPercent,
    double WaitPercent,
    double StolenPercent,
    long MemoryBytes,
    long MemoryUsedBytes,
    long SwapBytes,
    long SwapUsedBytes,
    double? CpuPressurePercent,
    double? MemoryPressurePercent,
    double? IoPressurePercent,
    IReadOnlyList<WatchedProcess> Processes
)
{
    /// <summary>One line.</summary>
    public static string Format(MachineSample machine, IReadOnlyList<ProcessRow> rows) =>
        JsonSerializer.Serialize(
            new WatchDocument(
                1,
                machine.Uptime.TotalSeconds,
                machine.Load,
                machine.Processors,
                machine.CpuPercent,
                machine.UserPercent,
                machine.SystemPercent,
                machine.WaitPercent,
                machine.StolenPercent,
                machine.Memory.Total,
                machine.Memory.Used,
                machine.Memory.SwapTotal,
                machine.Memory.SwapTotal - machine.Memory.SwapFree,
                machine.CpuPressure,
                machine.MemoryPressure,
                machine.IoPressure,
                [.. rows.Select(WatchedProcess.Of)]
            ),
            ProcessJson.OneLine.WatchDocument
        ) + "\n";
}

/// <summary>A process of a look.</summary>
internal sealed record WatchedProcess(
    int Pid,
    int ParentPid,
    string User,
    string State,
    string Name,
    double CpuPercent,
    double CpuSeconds,
    long ResidentBytes,
    double? ReadBytesPerSecond,
    double? WrittenBytesPerSecond,
    double FaultsPerSecond,
    int Threads,
    string? Container,
    IReadOnlyList<string>? Command
)
{
    public static WatchedProcess Of(ProcessRow row) =>
        new(
            row.Process.ProcessId,
            row.Process.ParentId,
            row.User,
            row.Process.State.ToString(),
            row.Process.Name,
            row.Sample.CpuPercent,
            row.Process.CpuTime.TotalSeconds,
            row.Process.Memory.Resident,
            row.Sample.ReadBytesPerSecond,
            row.Sample.WrittenBytesPerSecond,
            row.Sample.FaultsPerSecond,
            row.Process.ThreadCount,
            row.Container,
            row.Process.CommandLine
        );
}
