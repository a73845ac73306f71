using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A time in seconds and microseconds. linux/time.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TimeValue
{
    /// <summary>Whole seconds.</summary>
    public long Seconds;

    /// <summary>The rest.</summary>
    public long Microseconds;
}
