namespace Tare.Linux.Abi;

/// <summary>
/// Which fields of a pidfd_info are wanted, and which are there. linux/pidfd.h, Linux 6.13 and later.
/// </summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PidFdInfoMask : ulong
{
    None = 0,
    PIDFD_INFO_PID = 0x1,
    PIDFD_INFO_CREDS = 0x2,
    PIDFD_INFO_CGROUPID = 0x4,
    PIDFD_INFO_EXIT = 0x8,
    PIDFD_INFO_COREDUMP = 0x10,
    PIDFD_INFO_SUPPORTED_MASK = 0x20,
    PIDFD_INFO_COREDUMP_SIGNAL = 0x40,
    PIDFD_INFO_COREDUMP_CODE = 0x80,
}
