using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What perf_event_open(2) counts: the first form of struct perf_event_attr, which every kernel takes. linux/perf_event.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PerfEventAttribute
{
    /// <summary>The size of this struct in bytes: PERF_ATTR_SIZE_VER0.</summary>
    public const int StructSize = 64;

    /// <summary>0 hardware, 1 software.</summary>
    public uint Type;

    /// <summary><see cref="StructSize"/>.</summary>
    public uint Size;

    /// <summary>Which.</summary>
    public ulong Config;

    /// <summary>Not used: nothing is sampled.</summary>
    public ulong SamplePeriod;

    /// <summary>Not used.</summary>
    public ulong SampleType;

    /// <summary>Which times are read with the count.</summary>
    public ulong ReadFormat;

    /// <summary>Bits: 1 inherit, 5 exclude_kernel, 6 exclude_hv.</summary>
    public ulong Flags;

    /// <summary>Not used.</summary>
    public uint WakeupEvents;

    /// <summary>Not used.</summary>
    public uint BreakpointType;

    /// <summary>Not used.</summary>
    public ulong BreakpointAddress;
}
