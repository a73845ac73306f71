using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The limits that each process of a sandbox has by itself. getrlimit(2).</summary>
internal static class SandboxLimits
{
    /// <summary>From the options; what a cgroup limits for all is left to it.</summary>
    public static ImmutableDictionary<ResourceLimit, RLimit64> Of(SandboxOptions options, bool hasGroup)
    {
        ImmutableDictionary<ResourceLimit, RLimit64>.Builder limits = ImmutableDictionary.CreateBuilder<
            ResourceLimit,
            RLimit64
        >();
        Add(limits, ResourceLimit.RLIMIT_CORE, 0, 0);
        Add(limits, ResourceLimit.RLIMIT_NOFILE, (ulong)options.OpenFiles, 0);
        Add(limits, ResourceLimit.RLIMIT_FSIZE, (ulong?)options.FileSize, 0);

        // The second wall behind SandboxWatch, for each process by itself. It counts ticks, which can be twice what was used.
        Add(limits, ResourceLimit.RLIMIT_CPU, (ulong?)(2 * options.CpuTime?.TotalSeconds.Ceiling()) + 1, 1);
        if (!hasGroup)
        {
            Add(limits, ResourceLimit.RLIMIT_AS, (ulong?)options.Memory, 0);
            Add(limits, ResourceLimit.RLIMIT_NPROC, (ulong?)options.Processes, 0);
        }

        return limits.ToImmutable();
    }

    private static double Ceiling(this double seconds) => Math.Max(1, Math.Ceiling(seconds));

    // Never above what this process may give away.
    private static void Add(
        ImmutableDictionary<ResourceLimit, RLimit64>.Builder limits,
        ResourceLimit resource,
        ulong? soft,
        ulong further
    )
    {
        if (soft is { } value)
        {
            ulong most = ResourceLimits.Get(resource).OrThrow("read", ResourceLimits.NameOf(resource)).Maximum;
            limits[resource] = new RLimit64
            {
                Current = Math.Min(value, most),
                Maximum = Math.Min(value + further, most),
            };
        }
    }
}
