namespace Tare.Linux.Abi;

/// <summary>The levels of socket options and of ancillary data. linux/socket.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SocketLevel
{
    SOL_SOCKET = 1,
}
