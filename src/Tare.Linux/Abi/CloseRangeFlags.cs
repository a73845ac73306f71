namespace Tare.Linux.Abi;

/// <summary>The flags of close_range(2). linux/close_range.h, Linux 5.9.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum CloseRangeFlags : uint
{
    None = 0,
    CLOSE_RANGE_UNSHARE = 0x2,
    CLOSE_RANGE_CLOEXEC = 0x4,
}
