using System.Globalization;
using Tare.Cli.Observation;

namespace Tare.Cli.Watching;

/// <summary>What pictures and printed looks have in common: figures in words.</summary>
internal static class WatchWords
{
    /// <summary><c>12.3 %</c>.</summary>
    public static string Percent(double? value) =>
        value is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0} %") : "unknown";

    /// <summary>Bytes in a second; a dash where this user may not know.</summary>
    public static string Rate(double? bytes) => bytes is { } known ? Words.Size((long)known) : "-";

    /// <summary><c>3:07.42</c>.</summary>
    public static string Clock(TimeSpan time) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(long)time.TotalMinutes}:{time.Seconds:00}.{time.Milliseconds / 10:00}"
        );

    /// <summary>Since when the machine runs, its load, its processes.</summary>
    public static string Summary(MachineSample machine, IReadOnlyList<ProcessRow> rows) =>
        $"up {Days(machine.Uptime)}, load {machine.Load}, {rows.Count} processes, {rows.Count(row => row.Process.State == 'R')} running";

    private static string Days(TimeSpan time) =>
        time.TotalDays >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours:00}:{time.Minutes:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Hours}:{time.Minutes:00}");
}
