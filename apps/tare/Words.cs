using System.Globalization;

namespace Tare.Cli;

/// <summary>Sizes and times for people.</summary>
internal static class Words
{
    /// <summary><c>812 µs</c>, <c>3.42 ms</c>, <c>1.50 s</c>, <c>2 min 05 s</c>.</summary>
    public static string Time(TimeSpan time) =>
        time < TimeSpan.FromMilliseconds(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} µs")
        : time < TimeSpan.FromSeconds(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.##} ms")
        : time < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s")
        : time < TimeSpan.FromHours(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes:00} min");

    /// <summary><c>0 B</c>, <c>512 MiB</c>, <c>1.50 GiB</c>.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.##} {units[unit]}");
    }
}
