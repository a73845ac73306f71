namespace Tare.Linux.Abi;

/// <summary>The flags of pidfd_open(2). linux/pidfd.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PidFdFlags : uint
{
    None = 0,
    PIDFD_NONBLOCK = 0x800,
    PIDFD_THREAD = 0x80,
}
