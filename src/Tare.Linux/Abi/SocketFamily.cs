namespace Tare.Linux.Abi;

/// <summary>Address families. linux/socket.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SocketFamily
{
    AF_UNSPEC = 0,
    AF_UNIX = 1,
    AF_INET = 2,
    AF_INET6 = 10,
    AF_NETLINK = 16,
    AF_PACKET = 17,
    AF_CAN = 29,
    AF_BLUETOOTH = 31,
    AF_ALG = 38,
    AF_VSOCK = 40,
    AF_XDP = 44,
}
