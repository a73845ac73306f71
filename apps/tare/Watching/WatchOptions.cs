namespace Tare.Cli.Watching;

/// <summary>What processes are sorted by.</summary>
internal enum WatchOrder
{
    /// <summary>Processor time of late, the most first.</summary>
    Cpu,

    /// <summary>Memory, the most first.</summary>
    Memory,

    /// <summary>What goes from and to disks, the most first.</summary>
    Io,

    /// <summary>Their numbers.</summary>
    Number,
}

/// <summary>What the command line of <c>top</c> says.</summary>
/// <param name="Interval">Time between two looks.</param>
/// <param name="Order">What is first.</param>
/// <param name="Once">One look, then the end.</param>
/// <param name="Json">As JSON, an object a line.</param>
internal sealed record WatchOptions(TimeSpan Interval, WatchOrder Order, bool Once, bool Json);
