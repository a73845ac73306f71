namespace Tare.Linux.Abi;

/// <summary>The flags of mmap(2) that Tare uses; the same on x64 and arm64. asm-generic/mman.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum MapFlags : uint
{
    None = 0,
    MAP_SHARED = 0x1,
    MAP_PRIVATE = 0x2,
    MAP_FIXED = 0x10,
    MAP_ANONYMOUS = 0x20,
    MAP_GROWSDOWN = 0x100,
    MAP_NORESERVE = 0x4000,
    MAP_POPULATE = 0x8000,
    MAP_STACK = 0x20000,
    MAP_FIXED_NOREPLACE = 0x100000,
}
