using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A lock on part of a file: struct flock. fcntl(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FileLockRange
{
    /// <summary>Reading, writing or none.</summary>
    public FileLockType Type;

    /// <summary>What the start counts from: 0 is the file's begin.</summary>
    public short Whence;

    private readonly int _padding;

    /// <summary>The first byte.</summary>
    public long Start;

    /// <summary>How many; 0 is to the end, however the file grows.</summary>
    public long Length;

    /// <summary>Who has it; of locks of open files -1 when asked, 0 when set.</summary>
    public int ProcessId;

    private readonly int _tail;
}
