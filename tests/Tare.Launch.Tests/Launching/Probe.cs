namespace Tare.Launch.Tests.Launching;

/// <summary>A program that launches, for what would end or change the tests' own process: tests/Tare.Launch.Probe.</summary>
internal static class Probe
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Tare.Launch.Probe");
}
