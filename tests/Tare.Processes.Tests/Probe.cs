namespace Tare.Processes.Tests;

/// <summary>A program that uses the library, for what another process must do: tests/Tare.Processes.Probe.</summary>
internal static class Probe
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Tare.Processes.Probe");
}
