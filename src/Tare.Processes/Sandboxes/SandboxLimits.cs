using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The limits that each process of a sandbox has by itself. getrlimit(2).</summary>
internal static class SandboxLimits
{
    // Less than a dump has, and besides what the kernel takes for the limit of who dumps to no program: a limit of 0 does not
    // count where core_pattern is one, which would run outside, as root. core(5).
    private const long NoDump = 1;
    private const double LongestSeconds = int.MaxValue;

    /// <summary>From the options; what a cgroup limits for all is left to it.</summary>
    public static ProcessStartLimits Of(SandboxOptions options, bool hasGroup) =>
        new()
        {
            CoreDump = AtMost(ResourceLimit.RLIMIT_CORE, NoDump),
            OpenFiles = AtMost(ResourceLimit.RLIMIT_NOFILE, options.OpenFiles),
            FileSize = AtMost(ResourceLimit.RLIMIT_FSIZE, options.FileSize),
            RealTimePriority = NoneIfAny(ResourceLimit.RLIMIT_RTPRIO),
            NiceCeiling = NoneIfAny(ResourceLimit.RLIMIT_NICE),
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

    // By what a user may have been granted a program would take processors from all others, whatever its cgroup has of them.
    private static ProcessLimit<long>? NoneIfAny(ResourceLimit resource) =>
        MostOf(resource) == 0 ? null : new ProcessLimit<long>(0, 0);

    // Never above what this process may give away.
    private static ProcessLimit<long>? AtMost(ResourceLimit resource, long? soft, long further = 0)
    {
        if (soft is not { } value)
        {
            return null;
        }

        ulong most = MostOf(resource);
        return new((long)Math.Min((ulong)value, most), (long)Math.Min((ulong)value + (ulong)further, most));
    }

    private static ulong MostOf(ResourceLimit resource) =>
        ResourceLimits.Get(resource).OrThrow("read", ResourceLimits.NameOf(resource)).Maximum;
}
