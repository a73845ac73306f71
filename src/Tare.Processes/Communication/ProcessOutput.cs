namespace Tare.Processes;

/// <summary>What a process wrote until it ended, and how it ended.</summary>
/// <param name="ExitStatus">How it ended, and what it used.</param>
/// <param name="StandardOutput">Standard output; a terminal's screen where it had one.</param>
/// <param name="StandardError">Standard error.</param>
/// <param name="ProcessId">The number that it had.</param>
public sealed record ProcessOutput(
    ProcessExit ExitStatus,
    CapturedStream StandardOutput,
    CapturedStream StandardError,
    int ProcessId
)
{
    /// <summary>One of the two is not whole: it was more than the limit, or others could still write.</summary>
    public bool Truncated =>
        StandardOutput.Truncated || StandardError.Truncated || !StandardOutput.Ended || !StandardError.Ended;
}

/// <summary>The same as text, as .NET 11 has it.</summary>
/// <param name="ExitStatus">How it ended, and what it used.</param>
/// <param name="StandardOutput">Standard output; a terminal's screen where it had one.</param>
/// <param name="StandardError">Standard error.</param>
/// <param name="ProcessId">The number that it had.</param>
/// <param name="Truncated">One of the two is not whole: it was more than the limit, or others could still write.</param>
public sealed record ProcessTextOutput(
    ProcessExit ExitStatus,
    string StandardOutput,
    string StandardError,
    int ProcessId,
    bool Truncated
);

/// <summary>A line that a process wrote, as .NET 11 has it.</summary>
/// <param name="Content">The line without its end.</param>
/// <param name="StandardError">It was written to standard error.</param>
public readonly record struct ProcessOutputLine(string Content, bool StandardError);
