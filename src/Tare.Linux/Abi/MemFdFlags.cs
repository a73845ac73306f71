namespace Tare.Linux.Abi;

/// <summary>The flags of memfd_create(2). linux/memfd.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum MemFdFlags : uint
{
    None = 0,
    MFD_CLOEXEC = 0x1,
    MFD_ALLOW_SEALING = 0x2,
    MFD_HUGETLB = 0x4,
    MFD_NOEXEC_SEAL = 0x8,
    MFD_EXEC = 0x10,
    MFD_HUGE_2MB = 0x54000000,
    MFD_HUGE_1GB = 0x78000000,
}
