namespace Tare.Linux.Abi;

/// <summary>The type of a socket, with the flags that go into the same word. linux/net.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SocketFlags : uint
{
    None = 0,
    SOCK_STREAM = 0x1,
    SOCK_DGRAM = 0x2,
    SOCK_RAW = 0x3,
    SOCK_SEQPACKET = 0x5,
    SOCK_NONBLOCK = 0x800,
    SOCK_CLOEXEC = 0x80000,
}
