using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What sockets are.</summary>
public static class SocketTypes
{
    /// <summary>SOCK_STREAM and so on; ENOTSOCK where it is no socket. SO_TYPE, socket(7).</summary>
    public static SysResult<SocketFlags> Of(FileDescriptor socket)
    {
        using Borrowed descriptor = new(socket);
        nint raw = Interop.getsockopt(descriptor.Number, SocketOption.SO_TYPE, out int type);
        return new((SocketFlags)type, Interop.ErrnoOf(raw));
    }
}
