namespace Tare.Cli.Inspecting;

/// <summary>What the command line of <c>inspect</c> says.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Json">As JSON.</param>
/// <param name="SvgFile">The file to draw it into; null for none.</param>
internal sealed record InspectOptions(int ProcessId, bool Json, string? SvgFile);
