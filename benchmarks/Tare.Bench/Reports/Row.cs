using System.Globalization;
using Tare.Bench.Measuring;

namespace Tare.Bench.Reports;

/// <summary>A line of a table: one subject's times, and how ours compare with them.</summary>
/// <param name="Cells">Subject, median, tenth and ninetieth percentile, our ratio to it, the goal, whether it is met.</param>
internal sealed record Row(IReadOnlyList<string> Cells)
{
    /// <summary>The names of the columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["", "median", "p10", "p90", "ours to it", "goal", ""];

    /// <summary>The lines for one measurement; the first subject is ours.</summary>
    public static IEnumerable<Row> Of(Measurement measurement, IReadOnlyList<Sample> samples)
    {
        foreach (Sample sample in samples)
        {
            Goal? goal = measurement.Goals.FirstOrDefault(goal => goal.Reference == sample.Name);
            Sample? own = OwnOf(measurement, samples, sample);
            (bool kept, string found) =
                goal?.Compare(own ?? sample, sample) ?? (true, own is null ? "" : Ratio(own, sample));
            yield return new Row([
                sample.Name,
                Milliseconds(sample.Median),
                Milliseconds(sample.Tenth),
                Milliseconds(sample.Ninetieth),
                found,
                goal?.Limit ?? "",
                goal is null ? ""
                : kept ? "met"
                : "missed",
            ]);
        }
    }

    // Null for one of ours, and for what cannot be compared.
    private static Sample? OwnOf(Measurement measurement, IReadOnlyList<Sample> samples, Sample sample) =>
        measurement.Counterparts is { } counterparts
            ? samples.FirstOrDefault(own => own.Name == counterparts.GetValueOrDefault(sample.Name))
        : sample == samples[0] ? null
        : samples[0];

    private static string Ratio(Sample own, Sample other) =>
        (own.Median / other.Median).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString("0.00 ms", CultureInfo.InvariantCulture);
}
