using System.Globalization;

namespace Tare.Runtime.Tests;

/// <summary>How long tests go on that try what chance makes: TARE_FUZZ_SECONDS in the environment, or a few tries.</summary>
internal static class Chance
{
    /// <summary>Seconds, or -1 for as many tries as <see cref="Iterations"/> says.</summary>
    public static int Seconds { get; } =
        Environment.GetEnvironmentVariable("TARE_FUZZ_SECONDS") is { Length: > 0 } seconds
            ? int.Parse(seconds, CultureInfo.InvariantCulture)
            : -1;

    /// <summary>The number of tries, or -1 where there is a time.</summary>
    public static long Iterations(long few) => Seconds < 0 ? few : -1;
}
