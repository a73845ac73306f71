namespace Tare.Linux.Abi;

/// <summary>How a program is executed. linux/personality.h, personality(2).</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PersonalityFlags : uint
{
    None = 0,
    UNAME26 = 0x0020000,
    ADDR_NO_RANDOMIZE = 0x0040000,
    MMAP_PAGE_ZERO = 0x0100000,
    ADDR_COMPAT_LAYOUT = 0x0200000,
    READ_IMPLIES_EXEC = 0x0400000,
    ADDR_LIMIT_32BIT = 0x0800000,
    WHOLE_SECONDS = 0x2000000,
    STICKY_TIMEOUTS = 0x4000000,
    ADDR_LIMIT_3GB = 0x8000000,
}
