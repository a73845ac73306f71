namespace Tare.Processes;

/// <summary>The limits of a channel.</summary>
public sealed record ProcessChannelOptions
{
    /// <summary>Messages of up to 16 MiB, 64 requests at a time.</summary>
    public static ProcessChannelOptions Default { get; } = new();

    /// <summary>The longest message, in bytes of JSON. A longer one is not sent, and one that comes ends the channel.</summary>
    public int MaximumLength { get; init; } = 16 << 20;

    /// <summary>
    /// How many requests can be under way. Further ones wait, on the side that asks; the side that answers reads no more until
    /// one is done.
    /// </summary>
    public int MaximumRequests { get; init; } = 64;

    /// <summary>How long is waited for the process's end once it has closed the channel, so that a failure can say how it ended.</summary>
    public TimeSpan ExitGrace { get; init; } = TimeSpan.FromSeconds(1);

    internal ProcessChannelOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumLength, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumRequests);
        ArgumentOutOfRangeException.ThrowIfLessThan(ExitGrace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ExitGrace, TimeSpan.FromMilliseconds(int.MaxValue));
        return this;
    }
}
