namespace Tare.Processes;

/// <summary>A run that was recorded.</summary>
/// <param name="ExitStatus">How the program ended.</param>
/// <param name="Recording">What it and all that it started did.</param>
public sealed record RecordedRun(ProcessExit ExitStatus, Recording Recording);
