using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What a process used. getrusage(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RUsage
{
    /// <summary>CPU time in user mode.</summary>
    public TimeValue UserTime;

    /// <summary>CPU time in the kernel.</summary>
    public TimeValue SystemTime;

    /// <summary>The most memory that was resident at a time, in KiB.</summary>
    public long MaximumResidentKibibytes;

    /// <summary>Unused.</summary>
    public long SharedMemory;

    /// <summary>Unused.</summary>
    public long UnsharedData;

    /// <summary>Unused.</summary>
    public long UnsharedStack;

    /// <summary>Page faults without I/O.</summary>
    public long MinorFaults;

    /// <summary>Page faults with I/O.</summary>
    public long MajorFaults;

    /// <summary>Unused.</summary>
    public long Swaps;

    /// <summary>Reads from a file system, in 512 bytes.</summary>
    public long InputBlocks;

    /// <summary>Writes to a file system, in 512 bytes.</summary>
    public long OutputBlocks;

    /// <summary>Unused.</summary>
    public long MessagesSent;

    /// <summary>Unused.</summary>
    public long MessagesReceived;

    /// <summary>Unused.</summary>
    public long Signals;

    /// <summary>Context switches while it waited.</summary>
    public long VoluntarySwitches;

    /// <summary>Context switches because its time was up.</summary>
    public long InvoluntarySwitches;
}
