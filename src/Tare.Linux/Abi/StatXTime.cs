using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A time in a <see cref="StatX"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct StatXTime
{
    /// <summary>Since 1970.</summary>
    public long Seconds;

    /// <summary>The rest.</summary>
    public uint Nanoseconds;

    private readonly int _padding;
}
