namespace Tare.Processes;

/// <summary>How a process's output is captured.</summary>
public sealed record CaptureOptions
{
    /// <summary>16 MiB of each stream, and one second for whoever holds the pipes after the process has ended.</summary>
    public static CaptureOptions Default { get; } = new();

    /// <summary>How much is kept of each stream, in bytes. What follows is read and counted, so that the process goes on.</summary>
    public int Limit { get; init; } = 16 << 20;

    /// <summary>
    /// How long is read on after the process has ended, where others (what it started and left behind) hold its pipes open.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What the process reads from standard input or its terminal, which then is at its end (Ctrl+D, in a terminal's usual
    /// settings); null leaves that alone.
    /// </summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(Grace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Grace, TimeSpan.FromMilliseconds(int.MaxValue));
    }
}
