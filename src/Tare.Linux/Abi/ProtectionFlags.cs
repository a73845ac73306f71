namespace Tare.Linux.Abi;

/// <summary>What may be done to memory. mmap(2), asm-generic/mman-common.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum ProtectionFlags : uint
{
    PROT_NONE = 0,
    PROT_READ = 0x1,
    PROT_WRITE = 0x2,
    PROT_EXEC = 0x4,
}
