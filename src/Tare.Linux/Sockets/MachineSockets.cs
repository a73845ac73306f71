using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Sockets between a virtual machine and its host. vsock(7). EAFNOSUPPORT where the kernel has none.</summary>
public static class MachineSockets
{
    /// <summary>Any address of this machine, to listen on. VMADDR_CID_ANY.</summary>
    public const uint Any = uint.MaxValue;

    /// <summary>This machine itself. VMADDR_CID_LOCAL, Linux 5.6.</summary>
    public const uint Local = 1;

    /// <summary>The host, seen from a guest. VMADDR_CID_HOST.</summary>
    public const uint Host = 2;

    private const int AddressLength = 16;

    /// <summary>Connects. ENODEV: there is no way to that machine; ECONNRESET: nobody listens there.</summary>
    /// <param name="machine">The machine's number (CID).</param>
    /// <param name="port">The port.</param>
    /// <param name="type">
    /// SOCK_STREAM, SOCK_SEQPACKET (Linux 5.14), or SOCK_DGRAM, which VMware alone carries: EOPNOTSUPP or ESOCKTNOSUPPORT where the
    /// way to the machine does not.
    /// </param>
    public static SysResult<SocketFd> Connect(uint machine, uint port, SocketFlags type = SocketFlags.SOCK_STREAM) =>
        Create(machine, port, backlog: null, type);

    /// <summary>Listens; <see cref="UnixSockets.Accept"/> takes who connects. EADDRINUSE.</summary>
    /// <param name="port">The port.</param>
    /// <param name="machine">Which of this machine's numbers.</param>
    /// <param name="backlog">How many may wait.</param>
    /// <param name="type">As for <see cref="Connect"/>; with SOCK_DGRAM there is nothing to accept, what comes is read.</param>
    public static SysResult<SocketFd> Listen(
        uint port,
        uint machine = Any,
        int backlog = 16,
        SocketFlags type = SocketFlags.SOCK_STREAM
    ) => Create(machine, port, backlog, type);

    private static SysResult<SocketFd> Create(uint machine, uint port, int? backlog, SocketFlags type)
    {
        nint raw = Interop.Call(
            Syscall.socket,
            (nint)(int)SocketFamily.AF_VSOCK,
            (nint)(uint)(type | SocketFlags.SOCK_CLOEXEC)
        );
        if (raw < 0)
        {
            return Interop.Failed<SocketFd>(raw);
        }

        SocketFd socket = new((int)raw);
        int number = (int)raw;
        Span<byte> address = stackalloc byte[AddressLength];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, (ushort)SocketFamily.AF_VSOCK);
        BinaryPrimitives.WriteUInt32LittleEndian(address[4..], port);
        BinaryPrimitives.WriteUInt32LittleEndian(address[8..], machine);
        raw = backlog is null ? Interop.connect(number, address) : Interop.bind(number, address);
        raw =
            raw < 0 || backlog is null || (type & SocketFlags.SOCK_SEQPACKET) == SocketFlags.SOCK_DGRAM
                ? raw
                : Interop.Call(Syscall.listen, number, backlog.Value);
        if (raw >= 0)
        {
            return new(socket, Errno.None);
        }

        socket.Dispose();
        return Interop.Failed<SocketFd>(raw);
    }
}
