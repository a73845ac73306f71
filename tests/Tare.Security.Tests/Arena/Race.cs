using System.Globalization;
using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>A runtime that does the same again and again while somebody works against it: bounded by number, not by time.</summary>
/// <param name="Started">How often the container's program was reached.</param>
/// <param name="Refused">How often the runtime failed.</param>
/// <param name="Output">What all programs wrote.</param>
/// <param name="Errors">What the runtime said, each line once, with its number.</param>
internal sealed record Race(int Started, int Refused, string[] Output, string Errors)
{
    /// <summary>
    /// How often somebody is raced: thousands of tries for each attack. TARE_RACE_TRIES in the environment is another number,
    /// for runtimes that take longer.
    /// </summary>
    public static int Tries { get; } =
        Environment.GetEnvironmentVariable("TARE_RACE_TRIES") is { Length: > 0 } tries
            ? int.Parse(tries, CultureInfo.InvariantCulture)
            : 2_000;

    /// <summary>Runs containers of a bundle to their ends.</summary>
    /// <param name="victim">The runtime.</param>
    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="times">How often.</param>
    /// <param name="between">What a shell does between two, with the number in $i.</param>
    public static Race Run(Victim victim, string bundle, int times, string between = ":") =>
        Of("runtime run --bundle \"$2\" \"$3-$i\" 2>>\"$4\"", victim, bundle, times, between);

    /// <summary>
    /// Runs a command of a shell again and again: <c>runtime</c> is the runtime, $2 what is given here, $3 a new id; errors
    /// go to the file $4.
    /// </summary>
    public static Race Of(string command, Victim victim, string second, int times, string between = ":")
    {
        using TemporaryDirectory folder = new();
        string errors = folder.Write("errors", "");
        string id = $"{victim.NewId()}";
        string script = $$"""
            runtime=$1; state=$5
            runtime() { "$runtime" --root "$state" "$@"; }
            i=0; refused=0
            while [ $i -lt {{times}} ]; do
                i=$((i + 1))
                {{command}} || refused=$((refused + 1))
                {{between}}
            done
            echo "refused $refused"
            """;
        ToolResult result = Tool.Run(
                "sh",
                ["-c", script, "sh", victim.Runtime, second, id, errors, victim.State],
                new ToolOptions { Deadline = TimeSpan.FromMinutes(5) }
            )
            .ShouldSucceed();
        int refused = int.Parse(result.Lines[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        return new Race(times - refused, refused, result.Lines[..^1], Summary(errors));
    }

    private static string Summary(string errors) =>
        string.Join(
            '\n',
            File.ReadLines(errors)
                .GroupBy(line => line)
                .OrderByDescending(g => g.Count())
                .Take(20)
                .Select(g => $"{g.Count()} × {g.Key}")
        );
}
