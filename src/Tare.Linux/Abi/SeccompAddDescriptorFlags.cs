namespace Tare.Linux.Abi;

/// <summary>How a descriptor is given. linux/seccomp.h, Linux 5.9; SEND since 5.14.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SeccompAddDescriptorFlags : uint
{
    None = 0,
    SECCOMP_ADDFD_FLAG_SETFD = 0x1,
    SECCOMP_ADDFD_FLAG_SEND = 0x2,
}
