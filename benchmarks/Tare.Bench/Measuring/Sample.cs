namespace Tare.Bench.Measuring;

/// <summary>The times that one subject took.</summary>
internal sealed class Sample
{
    private readonly TimeSpan[] sorted;

    public Sample(string name, IEnumerable<TimeSpan> times)
    {
        Name = name;
        sorted = [.. times.Order()];
    }

    /// <summary>Whose times they are.</summary>
    public string Name { get; }

    /// <summary>How many.</summary>
    public int Count => sorted.Length;

    /// <summary>As many are shorter as are longer.</summary>
    public TimeSpan Median =>
        sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    /// <summary>One in ten is shorter.</summary>
    public TimeSpan Tenth => sorted[sorted.Length / 10];

    /// <summary>One in ten is longer.</summary>
    public TimeSpan Ninetieth => sorted[sorted.Length - 1 - (sorted.Length / 10)];
}
