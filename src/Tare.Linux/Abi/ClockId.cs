namespace Tare.Linux.Abi;

/// <summary>The clocks that Tare uses. clock_gettime(2), linux/time.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum ClockId
{
    CLOCK_REALTIME = 0,
    CLOCK_MONOTONIC = 1,
    CLOCK_BOOTTIME = 7,
}
