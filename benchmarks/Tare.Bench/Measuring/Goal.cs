using System.Globalization;

namespace Tare.Bench.Measuring;

/// <summary>What a subject should not exceed, compared with another one of the same rounds.</summary>
internal sealed record Goal
{
    private readonly double? ratio;
    private readonly TimeSpan difference;
    private readonly TimeSpan? most;

    /// <summary>A ratio.</summary>
    /// <param name="reference">With whom.</param>
    /// <param name="ratio">The largest ratio of the medians.</param>
    public Goal(string reference, double ratio)
    {
        Reference = reference;
        this.ratio = ratio;
    }

    /// <summary>A difference.</summary>
    /// <param name="reference">With whom.</param>
    /// <param name="difference">The largest difference of the medians.</param>
    public Goal(string reference, TimeSpan difference)
    {
        Reference = reference;
        this.difference = difference;
    }

    private Goal(string reference, TimeSpan most, bool _)
    {
        Reference = reference;
        this.most = most;
    }

    /// <summary>A time that the median of one subject should not exceed, whoever else there is.</summary>
    public static Goal Most(string subject, TimeSpan most) => new(subject, most, true);

    /// <summary>With whom.</summary>
    public string Reference { get; }

    /// <summary>The limit, for people.</summary>
    public string Limit =>
        most is { } longest ? string.Create(CultureInfo.InvariantCulture, $"≤ {longest.TotalMilliseconds:0.#} ms")
        : ratio is { } largest ? string.Create(CultureInfo.InvariantCulture, $"≤ {largest:0.##}")
        : string.Create(CultureInfo.InvariantCulture, $"≤ +{difference.TotalMilliseconds:0.#} ms");

    /// <summary>Whether it was kept, and what was found, for people.</summary>
    public (bool Kept, string Found) Compare(Sample own, Sample other)
    {
        if (most is { } longest)
        {
            return (other.Median <= longest, "");
        }

        double found = own.Median / other.Median;
        TimeSpan more = own.Median - other.Median;
        return ratio is { } largest
            ? (found <= largest, string.Create(CultureInfo.InvariantCulture, $"{found:0.00}"))
            : (more <= difference, string.Create(CultureInfo.InvariantCulture, $"+{more.TotalMilliseconds:0.0} ms"));
    }
}
