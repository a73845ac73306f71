using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The limits that each process of a sandbox has by itself. getrlimit(2).</summary>
internal static class SandboxLimits
{
    private const double LongestSeconds = int.MaxValue;

    /// <summary>From the options; what a cgroup limits for all is left to it.</summary>
    public static ProcessStartLimits Of(SandboxOptions options, bool hasGroup) =>
        new()
        {
            CoreDump = AtMost(ResourceLimit.RLIMIT_CORE, 0),
            OpenFiles = AtMost(ResourceLimit.RLIMIT_NOFILE, options.OpenFiles),
            FileSize = AtMost(ResourceLimit.RLIMIT_FSIZE, options.FileSize),
            CpuTime = options.CpuTime is { } time ? SecondWall(time) : null,
            AddressSpace = hasGroup ? null : AtMost(ResourceLimit.RLIMIT_AS, options.Memory),
            Processes = hasGroup ? null : AtMost(ResourceLimit.RLIMIT_NPROC, options.Processes),
        };

    // Behind SandboxWatch, for each process by itself. It counts ticks, which can be twice what was used.
    private static ProcessLimit<TimeSpan> SecondWall(TimeSpan time)
    {
        long seconds = (long)(2 * Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, LongestSeconds)) + 1;
        ProcessLimit<long> limit = AtMost(ResourceLimit.RLIMIT_CPU, seconds, further: 1)!.Value;
        return new(TimeSpan.FromSeconds(limit.Soft!.Value), TimeSpan.FromSeconds(limit.Hard!.Value));
    }

    // Never above what this process may give away.
    private static ProcessLimit<long>? AtMost(ResourceLimit resource, long? soft, long further = 0)
    {
        if (soft is not { } value)
        {
            return null;
        }

        ulong most = ResourceLimits.Get(resource).OrThrow("read", ResourceLimits.NameOf(resource)).Maximum;
        return new((long)Math.Min((ulong)value, most), (long)Math.Min((ulong)value + (ulong)further, most));
    }
}
