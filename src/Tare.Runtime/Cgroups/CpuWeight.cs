namespace Tare.Runtime.Cgroups;

/// <summary>Turns the CPU shares of cgroup v1 into the weight of v2.</summary>
public static class CpuWeight
{
    private const ulong LeastShares = 2;
    private const ulong MostShares = 262_144;

    /// <summary>
    /// The weight, 1 to 10,000, that stands for <paramref name="shares"/>. A curve through the least (2 → 1), the
    /// default (1,024 → 100) and the most (262,144 → 10,000), so that a default container weighs what any other group
    /// does; a straight line, which runtimes used before, gives it 39.
    /// </summary>
    public static ulong FromShares(ulong shares)
    {
        if (shares <= LeastShares)
        {
            return 1;
        }

        if (shares >= MostShares)
        {
            return 10_000;
        }

        double log = Math.Log2(shares);
        double exponent = (((log * log) + (125 * log)) / 612.0) - (7.0 / 34.0);
        return (ulong)Math.Ceiling(Math.Pow(10, exponent));
    }
}
