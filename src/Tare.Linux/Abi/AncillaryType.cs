namespace Tare.Linux.Abi;

/// <summary>The kinds of ancillary data on an AF_UNIX socket. unix(7), linux/socket.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum AncillaryType
{
    SCM_RIGHTS = 1,
    SCM_CREDENTIALS = 2,
    SCM_SECURITY = 3,
    SCM_PIDFD = 4,
}
