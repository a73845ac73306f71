namespace Tare.Linux;

/// <summary>
/// The two calls of i386 that are many: <c>socketcall</c> and <c>ipc</c> say by their first argument what is to be done.
/// linux/net.h, linux/ipc.h.
/// </summary>
/// <param name="Call">The number of the call.</param>
/// <param name="Operation">Its first argument.</param>
internal readonly record struct CallMultiplexer(uint Call, ulong Operation)
{
    private const uint SocketCall = 102;
    private const uint Ipc = 117;

    /// <summary>How i386 makes a call besides by its own number; null where it does not.</summary>
    public static CallMultiplexer? Of(string name) =>
        name switch
        {
            "socket" => new(SocketCall, 1),
            "bind" => new(SocketCall, 2),
            "connect" => new(SocketCall, 3),
            "listen" => new(SocketCall, 4),
            "accept" => new(SocketCall, 5),
            "getsockname" => new(SocketCall, 6),
            "getpeername" => new(SocketCall, 7),
            "socketpair" => new(SocketCall, 8),
            "send" => new(SocketCall, 9),
            "recv" => new(SocketCall, 10),
            "sendto" => new(SocketCall, 11),
            "recvfrom" => new(SocketCall, 12),
            "shutdown" => new(SocketCall, 13),
            "setsockopt" => new(SocketCall, 14),
            "getsockopt" => new(SocketCall, 15),
            "sendmsg" => new(SocketCall, 16),
            "recvmsg" => new(SocketCall, 17),
            "accept4" => new(SocketCall, 18),
            "recvmmsg" => new(SocketCall, 19),
            "sendmmsg" => new(SocketCall, 20),
            "semop" => new(Ipc, 1),
            "semget" => new(Ipc, 2),
            "semctl" => new(Ipc, 3),
            "semtimedop" => new(Ipc, 4),
            "msgsnd" => new(Ipc, 11),
            "msgrcv" => new(Ipc, 12),
            "msgget" => new(Ipc, 13),
            "msgctl" => new(Ipc, 14),
            "shmat" => new(Ipc, 21),
            "shmdt" => new(Ipc, 22),
            "shmget" => new(Ipc, 23),
            "shmctl" => new(Ipc, 24),
            _ => null,
        };
}
