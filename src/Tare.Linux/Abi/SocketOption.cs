namespace Tare.Linux.Abi;

/// <summary>The options at level SOL_SOCKET that Tare uses; the same on x64 and arm64. asm-generic/socket.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SocketOption
{
    SO_TYPE = 3,
    SO_ERROR = 4,
    SO_SNDBUF = 7,
    SO_RCVBUF = 8,
    SO_PASSCRED = 16,
    SO_PEERCRED = 17,
    SO_PEERSEC = 31,
    SO_RCVBUFFORCE = 33,
    SO_PASSPIDFD = 76,
    SO_PEERPIDFD = 77,
    SO_PASSRIGHTS = 83,
}
