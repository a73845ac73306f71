namespace Tare.Linux.Abi;

/// <summary>What of old systems the kernel plays for a process. personality(2), linux/personality.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PersonalityFlags : uint
{
    None = 0,
    PER_LINUX32 = 0x8,
    UNAME26 = 0x20000,
    ADDR_NO_RANDOMIZE = 0x40000,
    FDPIC_FUNCPTRS = 0x80000,
    MMAP_PAGE_ZERO = 0x100000,
    ADDR_COMPAT_LAYOUT = 0x200000,
    READ_IMPLIES_EXEC = 0x400000,
    ADDR_LIMIT_32BIT = 0x800000,
    SHORT_INODE = 0x1000000,
    WHOLE_SECONDS = 0x2000000,
    STICKY_TIMEOUTS = 0x4000000,
    ADDR_LIMIT_3GB = 0x8000000,
}
