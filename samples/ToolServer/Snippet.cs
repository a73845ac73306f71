namespace ToolServer;

/// <summary>What is to be run.</summary>
/// <param name="Language">python or sh.</param>
/// <param name="Code">The program.</param>
/// <param name="Input">What it reads on standard input.</param>
/// <param name="Seconds">When it is ended, at the latest; 10 unless said, 60 at the most.</param>
internal sealed record Snippet(string Language, string Code, string? Input = null, double Seconds = 10)
{
    /// <summary>The longest code: what the kernel takes as one argument, and some room.</summary>
    public const int LongestCode = 100_000;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Complaint =>
        Command is null ? $"language '{Language}' is none of: python, sh"
        : Code.Length > LongestCode ? $"code is longer than {LongestCode} characters"
        : Code.Contains('\0', StringComparison.Ordinal) ? "code has a zero character"
        : Seconds is not (> 0 and <= 60) ? "seconds must be above 0 and not above 60"
        : null;

    /// <summary>What runs it.</summary>
    public string? Command =>
        Language switch
        {
            "python" => "python3",
            "sh" => "sh",
            _ => null,
        };
}

/// <summary>What became of it.</summary>
/// <param name="End">exited, timeExceeded, memoryExceeded, outputExceeded …</param>
/// <param name="ExitCode">The code, or null where a signal ended it.</param>
/// <param name="Signal">The signal, or null.</param>
/// <param name="Output">Standard output, up to the limit.</param>
/// <param name="Error">Standard error, up to the limit.</param>
/// <param name="DroppedBytes">Bytes of both beyond the limit.</param>
/// <param name="Milliseconds">On the clock.</param>
/// <param name="CpuMilliseconds">Of the processor.</param>
/// <param name="PeakMemory">Bytes; null where nobody counts.</param>
/// <param name="Level">Which walls there were: container or process.</param>
/// <param name="Missing">What of the walls could not be had on this machine.</param>
internal sealed record SnippetResult(
    string End,
    int? ExitCode,
    string? Signal,
    string Output,
    string Error,
    long DroppedBytes,
    double Milliseconds,
    double CpuMilliseconds,
    long? PeakMemory,
    string Level,
    IReadOnlyList<string> Missing
);

/// <summary>What was wrong with a request.</summary>
internal sealed record Refusal(string Message);
