using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Sockets of this machine, with addresses in the file system. unix(7).</summary>
public static class UnixSockets
{
    /// <summary>The longest path that fits into an address, in bytes.</summary>
    private const int PathLength = 107;

    // Whoever sends messages does not connect.
    private const int NoBacklog = -1;

    /// <summary>Two connected sockets. socketpair(2).</summary>
    public static SysResult<SocketPair> CreatePair(SocketFlags type)
    {
        nint raw = Interop.socketpair(
            SocketFamily.AF_UNIX,
            type | SocketFlags.SOCK_CLOEXEC,
            out int first,
            out int second
        );
        return raw < 0
            ? Interop.Failed<SocketPair>(raw)
            : new(new(new SocketFd(first), new SocketFd(second)), Errno.None);
    }

    /// <summary>
    /// Connects to a socket in the file system, however long its path: what does not fit into an address is reached through
    /// its opened directory. ECONNREFUSED: nobody listens. connect(2).
    /// </summary>
    public static SysResult<SocketFd> Connect(BytePath path, SocketFlags type = SocketFlags.SOCK_STREAM) =>
        Create(path, type, listen: false, backlog: 0);

    /// <summary>
    /// Connects to a socket whose name is in no file system. ENAMETOOLONG: none has so long a name. unix(7), "abstract".
    /// </summary>
    /// <param name="name">The name, without the zero in front.</param>
    /// <param name="type">The socket's type.</param>
    public static SysResult<SocketFd> ConnectAbstract(
        ReadOnlySpan<byte> name,
        SocketFlags type = SocketFlags.SOCK_STREAM
    ) =>
        name.Length > PathLength
            ? new(null!, Errno.ENAMETOOLONG)
            : CreateAt([0, .. name], type, listen: false, backlog: 0);

    /// <summary>Makes a socket in the file system and listens on it. EADDRINUSE: the name exists. bind(2), listen(2).</summary>
    public static SysResult<SocketFd> Listen(
        BytePath path,
        SocketFlags type = SocketFlags.SOCK_STREAM,
        int backlog = 16
    ) => Create(path, type, listen: true, backlog);

    /// <summary>Makes a socket in the file system that messages can be sent to. EADDRINUSE: the name exists. bind(2).</summary>
    public static SysResult<SocketFd> Bind(BytePath path) =>
        Create(path, SocketFlags.SOCK_DGRAM, listen: true, backlog: NoBacklog);

    /// <summary>Waits for somebody to connect. accept4(2).</summary>
    public static SysResult<SocketFd> Accept(SocketFd listener, SocketFlags flags = SocketFlags.None)
    {
        using Borrowed descriptor = new(listener);
        nint raw;
        do
        {
            raw = Interop.Call(
                Syscall.accept4,
                descriptor.Number,
                0,
                0,
                (nint)(uint)(flags | SocketFlags.SOCK_CLOEXEC)
            );
        } while (Interop.Interrupted(raw));

        return raw < 0 ? Interop.Failed<SocketFd>(raw) : new(new SocketFd((int)raw), Errno.None);
    }

    /// <summary>Who is at the other end: the credentials at the time of connect or socketpair. SO_PEERCRED.</summary>
    public static SysResult<UCred> GetPeerCredentials(SocketFd socket)
    {
        using Borrowed descriptor = new(socket);
        nint raw = Interop.getsockopt(descriptor.Number, SocketOption.SO_PEERCRED, out UCred credentials);
        return new(credentials, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// The process at the other end at the time of connect or socketpair, whatever becomes of its number. ESRCH or ENODATA: it
    /// is over. SO_PEERPIDFD, Linux 6.5: ENOPROTOOPT before.
    /// </summary>
    public static SysResult<PidFd> GetPeerProcess(SocketFd socket)
    {
        using Borrowed descriptor = new(socket);
        nint raw = Interop.getsockopt(descriptor.Number, SocketOption.SO_PEERPIDFD, out int process);
        return raw < 0 ? Interop.Failed<PidFd>(raw) : new(new PidFd(process), Errno.None);
    }

    /// <summary>The security label of the other end. ENOPROTOOPT: no security module has any. SO_PEERSEC.</summary>
    public static SysResult<string> GetPeerLabel(SocketFd socket)
    {
        using Borrowed descriptor = new(socket);
        Span<byte> label = stackalloc byte[1024];
        nint raw = Interop.getsockopt(descriptor.Number, SocketOption.SO_PEERSEC, label, out int length);
        return raw < 0
            ? Interop.Failed<string>(raw)
            : new(System.Text.Encoding.UTF8.GetString(label[..length].TrimEnd((byte)0)), Errno.None);
    }

    /// <summary>
    /// Turns an option on or off: SO_PASSCRED and SO_PASSPIDFD, with which messages say who sent them; SO_PASSRIGHTS, without
    /// which no descriptors are taken (Linux 6.16). ENOPROTOOPT: the kernel is older.
    /// </summary>
    public static SysResult SetOption(SocketFd socket, SocketOption option, bool on)
    {
        using Borrowed descriptor = new(socket);
        return Interop.Result(Interop.setsockopt(descriptor.Number, option, on ? 1 : 0));
    }

    /// <summary>
    /// Takes over an inherited socket by its number: whoever gets the handle owns it, and it is closed by the next execve.
    /// EBADF: nothing is open there; ENOTSOCK: no socket is.
    /// </summary>
    public static SysResult<SocketFd> Adopt(int number)
    {
        nint raw = Interop.getsockopt(number, SocketOption.SO_TYPE, out int _);
        if (raw < 0)
        {
            return Interop.Failed<SocketFd>(raw);
        }

        SocketFd socket = new(number);
        SysResult marked = DescriptorTable.SetCloseOnExec(socket, true);
        return new(socket, marked.Errno);
    }

    private static SysResult<SocketFd> Create(BytePath path, SocketFlags type, bool listen, int backlog)
    {
        if (path.IsEmpty)
        {
            return new(null!, Errno.EINVAL);
        }

        if (path.Bytes.Length <= PathLength)
        {
            return CreateAt(path.Bytes, type, listen, backlog);
        }

        int slash = path.Bytes.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> parent =
            slash < 0 ? "."u8
            : slash == 0 ? "/"u8
            : path.Bytes[..slash];
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, BytePath.FromBytes(parent), OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return new(null!, opened.Errno);
        }

        using DirectoryFd directory = opened.Value;
        byte[] through =
        [
            .. System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{directory.Number}/"),
            .. path.Bytes[(slash + 1)..],
        ];
        return through.Length > PathLength ? new(null!, Errno.ENAMETOOLONG) : CreateAt(through, type, listen, backlog);
    }

    private static SysResult<SocketFd> CreateAt(ReadOnlySpan<byte> path, SocketFlags type, bool listen, int backlog)
    {
        nint raw = Interop.Call(
            Syscall.socket,
            (nint)(int)SocketFamily.AF_UNIX,
            (nint)(uint)(type | SocketFlags.SOCK_CLOEXEC)
        );
        if (raw < 0)
        {
            return Interop.Failed<SocketFd>(raw);
        }

        SocketFd socket = new((int)raw);
        Span<byte> address = stackalloc byte[2 + PathLength + 2];
        address.Clear();
        address[0] = (byte)SocketFamily.AF_UNIX;
        path.CopyTo(address[2..]);

        // The zero that ends a path is part of the address; an abstract name begins with one and ends with the address.
        address = address[..(2 + path.Length + (path[0] == 0 ? 0 : 1))];
        int number = (int)raw;
        if (listen)
        {
            raw = Interop.bind(number, address);
            raw = raw < 0 || backlog == NoBacklog ? raw : Interop.Call(Syscall.listen, number, backlog);
        }
        else
        {
            raw = Interop.connect(number, address);
        }

        if (raw >= 0)
        {
            return new(socket, Errno.None);
        }

        socket.Dispose();
        return Interop.Failed<SocketFd>(raw);
    }
}
