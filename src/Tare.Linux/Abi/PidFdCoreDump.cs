using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What PIDFD_GET_INFO tells of core dumps. linux/pidfd.h, Linux 6.16.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PidFdCoreDump : uint
{
    None = 0,
    PIDFD_COREDUMPED = 0x1,
    PIDFD_COREDUMP_SKIP = 0x2,
    PIDFD_COREDUMP_USER = 0x4,
    PIDFD_COREDUMP_ROOT = 0x8,
}
#pragma warning restore CS1591

/// <summary>What PIDFD_GET_INFO tells since Linux 6.16, and what was added. linux/pidfd.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PidFdCoreDumpInfo
{
    /// <summary>What it told before.</summary>
    public PidFdInfo Info;

    /// <summary>About the core dump.</summary>
    public PidFdCoreDump CoreDump;

    /// <summary>The signal that made it dump, where PIDFD_INFO_COREDUMP_SIGNAL is in the mask; Linux 6.19.</summary>
    public Signal Signal;

    /// <summary>Why the signal came, where PIDFD_INFO_COREDUMP_CODE is in the mask: si_code; Linux 7.</summary>
    public SignalOrigin Code;

    private readonly uint _padding;

    /// <summary>All that the kernel can tell, where PIDFD_INFO_SUPPORTED_MASK is in the mask; Linux 6.19.</summary>
    public PidFdInfoMask Supported;
}
