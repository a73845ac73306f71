using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A soft and a hard limit of a process. getrlimit(2).</summary>
/// <typeparam name="T">The unit.</typeparam>
/// <param name="Soft">What the kernel enforces; null is no limit.</param>
/// <param name="Hard">How far the process may raise it; null is no limit.</param>
public readonly record struct ProcessLimit<T>(T? Soft, T? Hard)
    where T : struct;

/// <summary>Limits as the kernel has them.</summary>
internal static class ProcessLimitUnits
{
    /// <summary>In whole units of so many ticks.</summary>
    public static ProcessLimit<long> InUnits(this ProcessLimit<TimeSpan> limit, long ticks) =>
        new(limit.Soft?.Ticks / ticks, limit.Hard?.Ticks / ticks);

    /// <summary>Whether neither is negative, nor the soft one above the hard one.</summary>
    public static bool CanBe(this ProcessLimit<long> limit) =>
        limit is not ({ Soft: < 0 } or { Hard: < 0 }) && Kernel(limit.Soft) <= Kernel(limit.Hard);

    /// <summary>For setrlimit(2).</summary>
    public static RLimit64 ToKernel(this ProcessLimit<long> limit) =>
        new() { Current = Kernel(limit.Soft), Maximum = Kernel(limit.Hard) };

    private static ulong Kernel(long? value) => value is { } number ? (ulong)number : ResourceLimits.Infinity;
}
