using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Resource limits of processes. prlimit(2); the unit depends on the resource: seconds, bytes, or a number.</summary>
public static class ResourceLimits
{
    /// <summary>No limit.</summary>
    public const ulong Infinity = ulong.MaxValue;

    private static ReadOnlySpan<string> Names =>
        new string[]
        {
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_DATA",
            "RLIMIT_STACK",
            "RLIMIT_CORE",
            "RLIMIT_RSS",
            "RLIMIT_NPROC",
            "RLIMIT_NOFILE",
            "RLIMIT_MEMLOCK",
            "RLIMIT_AS",
            "RLIMIT_LOCKS",
            "RLIMIT_SIGPENDING",
            "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE",
            "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME",
        };

    /// <summary>A limit of a process; 0 is the caller. prlimit64(2).</summary>
    public static SysResult<RLimit64> Get(ResourceLimit resource, int processId = 0)
    {
        nint raw = Interop.prlimit64(processId, resource, out RLimit64 limit);
        return new(limit, Interop.ErrnoOf(raw));
    }

    /// <summary>Sets a limit of a process, 0 is the caller; the result is what it was. EPERM: the hard limit may not be raised.</summary>
    public static SysResult<RLimit64> Set(ResourceLimit resource, RLimit64 limit, int processId = 0)
    {
        nint raw = Interop.prlimit64(processId, resource, limit, out RLimit64 previous);
        return new(previous, Interop.ErrnoOf(raw));
    }

    /// <summary>RLIMIT_NOFILE and so on.</summary>
    public static string NameOf(ResourceLimit resource) =>
        (uint)resource < (uint)Names.Length ? Names[(int)resource] : $"RLIMIT_{(int)resource}";

    /// <summary>A resource from its name, exactly as the kernel spells it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ResourceLimit resource)
    {
        ReadOnlySpan<string> names = Names;
        for (int i = 0; i < names.Length; i++)
        {
            if (text.SequenceEqual(names[i]))
            {
                resource = (ResourceLimit)i;
                return true;
            }
        }

        resource = default;
        return false;
    }
}
