using System.Globalization;
using Tare.Linux;
using Tare.Processes;

namespace Monitor;

/// <summary>A sample as a line of a table.</summary>
internal static class Line
{
    /// <summary>The names of the columns.</summary>
    public static string Header =>
        $"{"PID", 8} {"NAME", -15} S {"CPU %", 7} {"RSS MiB", 9} {"READ/s", 9} {"WRITE/s", 9} {"FAULTS/s", 9} {"SWITCH/s", 9} {"CPU", 6} {"MEM", 6} {"IO", 6}";

    /// <summary>The line. The last three columns are the pressure on its cgroup: how much of ten seconds some process waited.</summary>
    public static string Of(ProcessSample sample)
    {
        ProcessSnapshot now = sample.Snapshot;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{now.ProcessId, 8} {now.Name, -15} {now.State} {sample.CpuPercent, 7:0.0} {now.Memory.Resident / 1048576.0, 9:0.0} {Bytes(sample.ReadBytesPerSecond), 9} {Bytes(sample.WrittenBytesPerSecond), 9} {sample.FaultsPerSecond, 9:0} {sample.SwitchesPerSecond, 9:0} {Share(now.Pressure?.Cpu), 6} {Share(now.Pressure?.Memory), 6} {Share(now.Pressure?.Io), 6}"
        );
    }

    private static string Bytes(double? rate) =>
        rate is { } bytes ? (bytes / 1024).ToString("0 K", CultureInfo.InvariantCulture) : "-";

    private static string Share(PressureStall? stall) =>
        stall is { } pressure ? pressure.Some.Average10.ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
