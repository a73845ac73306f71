using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A time in seconds and nanoseconds. linux/time.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TimeSpec
{
    /// <summary>Whole seconds.</summary>
    public long Seconds;

    /// <summary>The rest.</summary>
    public long Nanoseconds;
}
