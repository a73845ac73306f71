using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tare.Linux;

namespace Tare.Cli.Watching;

/// <summary>Looks at the machine again and again.</summary>
internal sealed class MachineSource
{
    private static readonly string[] Resources = ["cpu", "memory", "io"];
    private readonly long?[] stalls = new long?[Resources.Length];
    private ProcessorTimes times;
    private long taken;

    /// <summary>The machine now. Rates of the first look are since the machine's start, or zero.</summary>
    public MachineSample Take()
    {
        long now = Stopwatch.GetTimestamp();
        double microseconds = taken == 0 ? 0 : Stopwatch.GetElapsedTime(taken, now).TotalMicroseconds;
        ProcessorTimes current = ProcessorTimes.Read().OrThrow("read", "/proc/stat");
        double total = Math.Max(current.Total - times.Total, 1);
        double?[] pressures = [.. Resources.Select((_, i) => Pressure(i, microseconds))];
        MachineSample sample = new()
        {
            Processors = current.Processors,
            CpuPercent = Share(current.Busy, times.Busy),
            UserPercent = Share(current.User + current.Nice, times.User + times.Nice),
            SystemPercent = Share(
                current.System + current.Interrupts + current.SoftInterrupts,
                times.System + times.Interrupts + times.SoftInterrupts
            ),
            WaitPercent = Share(current.IoWait, times.IoWait),
            StolenPercent = Share(current.Stolen, times.Stolen),
            Memory = MachineMemory.Read().OrThrow("read", "/proc/meminfo"),
            CpuPressure = pressures[0],
            MemoryPressure = pressures[1],
            IoPressure = pressures[2],
            Load = string.Join(' ', Line("/proc/loadavg").Split(' ').Take(3)),
            Uptime = double.TryParse(
                Line("/proc/uptime").Split(' ')[0],
                CultureInfo.InvariantCulture,
                out double seconds
            )
                ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.Zero,
        };
        (times, taken) = (current, now);
        return sample;

        double Share(long after, long before) => Math.Clamp(100 * (after - before) / total, 0, 100);
    }

    private double? Pressure(int resource, double microseconds)
    {
        SysResult<PressureStall> stall = PressureStall.Read(null, $"/proc/pressure/{Resources[resource]}");
        long? before = stalls[resource];
        stalls[resource] = stall.Ok ? stall.Value.Some.TotalMicroseconds : null;
        return !stall.Ok ? null
            : before is null || microseconds <= 0 ? 0
            : Math.Clamp(100 * (stall.Value.Some.TotalMicroseconds - before.Value) / microseconds, 0, 100);
    }

    private static string Line(string path)
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, path, 1 << 12);
        return text.Ok ? Encoding.ASCII.GetString(text.Value).TrimEnd('\n') : "";
    }
}
