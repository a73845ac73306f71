using Tare.Runtime.Statistics;

namespace Tare.Runtime.Observation;

/// <summary>
/// Whether what a file of a cgroup says is what was written to it. The kernel rounds amounts of memory down to whole pages,
/// writes lists in another way, has words for no limit, and shows what it adds by itself.
/// </summary>
internal static class LimitMatch
{
    // The largest that v1 shows is what a page counter holds.
    private const ulong NoLimit = long.MaxValue - (64 << 10);
    private const ulong LargestPage = 64 << 10;
    private const ulong LeastShares = 2;
    private const ulong MostShares = 262_144;

    public static bool Holds(string file, string written, string observed)
    {
        observed = observed.Trim();
        if (written.Trim() == observed)
        {
            return true;
        }

        if (file.StartsWith("cpuset.", StringComparison.Ordinal) && KernelText.List(written) is { Count: > 0 } list)
        {
            return list.SequenceEqual(KernelText.List(observed));
        }

        if (KernelText.Amount(observed) is { } present)
        {
            return written.Trim() is "-1" or "max"
                ? present >= NoLimit
                : KernelText.Amount(written) is { } wanted && Matches(file, wanted, present);
        }

        return observed.Split('\n').Any(line => HasAll(line, written));
    }

    private static bool Matches(string file, ulong wanted, ulong present) =>
        wanted == present
        || (file.StartsWith("memory.", StringComparison.Ordinal) && present <= wanted && wanted - present < LargestPage)
        || (file.StartsWith("memory.", StringComparison.Ordinal) && present >= NoLimit && wanted >= NoLimit)
        || (file.StartsWith("hugetlb.", StringComparison.Ordinal) && present <= wanted)
        || (file == "cpu.shares" && Math.Clamp(wanted, LeastShares, MostShares) == present);

    // A line for a device says more than was written, or a word in front: "8:0 rbps=1 wbps=max", "default 100".
    private static bool HasAll(string line, string written)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return written.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(words.Contains);
    }
}
