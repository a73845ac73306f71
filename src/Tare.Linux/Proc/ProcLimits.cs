using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The limits of any process, without the right that prlimit(2) asks for. /proc/PID/limits, proc_pid_limits(5).</summary>
public static class ProcLimits
{
    /// <summary>The names' column; behind it come the soft and the hard limit.</summary>
    private const int NameWidth = 26;

    /// <summary>Reads them. The unit depends on the resource; <see cref="ResourceLimits.Infinity"/> is no limit.</summary>
    public static SysResult<IReadOnlyDictionary<ResourceLimit, RLimit64>> Read(DirectoryFd process)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, "limits", 1 << 16);
        return new(text.Ok ? Parse(text.Value) : new Dictionary<ResourceLimit, RLimit64>(), text.Errno);
    }

    /// <summary>Takes the table apart; rows with other names are left out.</summary>
    /// <exception cref="FormatException">A limit is no number.</exception>
    public static IReadOnlyDictionary<ResourceLimit, RLimit64> Parse(ReadOnlySpan<byte> text)
    {
        Dictionary<ResourceLimit, RLimit64> limits = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (line.Length > NameWidth && Named(ProcText.String(line[..NameWidth].Trim((byte)' '))) is { } resource)
            {
                TextFields fields = new(line[NameWidth..]);
                limits[resource] = new() { Current = Limit(ref fields), Maximum = Limit(ref fields) };
            }
        }

        return limits;
    }

    private static ulong Limit(ref TextFields fields)
    {
        TextFields ahead = fields;
        if (!ahead.Next().SequenceEqual("unlimited"u8))
        {
            return fields.NextUInt64();
        }

        fields = ahead;
        return ResourceLimits.Infinity;
    }

    private static ResourceLimit? Named(string name) =>
        name switch
        {
            "Max cpu time" => ResourceLimit.RLIMIT_CPU,
            "Max file size" => ResourceLimit.RLIMIT_FSIZE,
            "Max data size" => ResourceLimit.RLIMIT_DATA,
            "Max stack size" => ResourceLimit.RLIMIT_STACK,
            "Max core file size" => ResourceLimit.RLIMIT_CORE,
            "Max resident set" => ResourceLimit.RLIMIT_RSS,
            "Max processes" => ResourceLimit.RLIMIT_NPROC,
            "Max open files" => ResourceLimit.RLIMIT_NOFILE,
            "Max locked memory" => ResourceLimit.RLIMIT_MEMLOCK,
            "Max address space" => ResourceLimit.RLIMIT_AS,
            "Max file locks" => ResourceLimit.RLIMIT_LOCKS,
            "Max pending signals" => ResourceLimit.RLIMIT_SIGPENDING,
            "Max msgqueue size" => ResourceLimit.RLIMIT_MSGQUEUE,
            "Max nice priority" => ResourceLimit.RLIMIT_NICE,
            "Max realtime priority" => ResourceLimit.RLIMIT_RTPRIO,
            "Max realtime timeout" => ResourceLimit.RLIMIT_RTTIME,
            _ => null,
        };
}
