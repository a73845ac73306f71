namespace Tare.Linux.Abi;

/// <summary>How mremap(2) moves. linux/mman.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum RemapFlags : uint
{
    None = 0,
    MREMAP_MAYMOVE = 0x1,
    MREMAP_FIXED = 0x2,
    MREMAP_DONTUNMAP = 0x4,
}
