using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Observation;

/// <summary>Reads /proc/PID/limits, which unlike prlimit(2) names a process by a descriptor. proc_pid_limits(5).</summary>
internal static class LimitsText
{
    private static readonly (string Name, ResourceLimit Resource)[] Names =
    [
        ("Max cpu time", ResourceLimit.RLIMIT_CPU),
        ("Max file size", ResourceLimit.RLIMIT_FSIZE),
        ("Max data size", ResourceLimit.RLIMIT_DATA),
        ("Max stack size", ResourceLimit.RLIMIT_STACK),
        ("Max core file size", ResourceLimit.RLIMIT_CORE),
        ("Max resident set", ResourceLimit.RLIMIT_RSS),
        ("Max processes", ResourceLimit.RLIMIT_NPROC),
        ("Max open files", ResourceLimit.RLIMIT_NOFILE),
        ("Max locked memory", ResourceLimit.RLIMIT_MEMLOCK),
        ("Max address space", ResourceLimit.RLIMIT_AS),
        ("Max file locks", ResourceLimit.RLIMIT_LOCKS),
        ("Max pending signals", ResourceLimit.RLIMIT_SIGPENDING),
        ("Max msgqueue size", ResourceLimit.RLIMIT_MSGQUEUE),
        ("Max nice priority", ResourceLimit.RLIMIT_NICE),
        ("Max realtime priority", ResourceLimit.RLIMIT_RTPRIO),
        ("Max realtime timeout", ResourceLimit.RLIMIT_RTTIME),
    ];

    /// <summary>The limits that the text has; lines that are not known are passed over.</summary>
    public static IReadOnlyList<ObservedLimit> Parse(string text)
    {
        List<ObservedLimit> limits = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            foreach ((string name, ResourceLimit resource) in Names)
            {
                if (!line.StartsWith(name, StringComparison.Ordinal))
                {
                    continue;
                }

                string[] fields = line[name.Length..].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length >= 2 && Value(fields[0]) is { } soft && Value(fields[1]) is { } hard)
                {
                    limits.Add(new(resource, soft, hard));
                }
            }
        }

        return limits;
    }

    private static ulong? Value(string text) =>
        text == "unlimited" ? ResourceLimits.Infinity
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value
        : null;
}
