using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A line to the kernel's network configuration: devices, addresses, routes of one network namespace, the one that the
/// socket was made in, wherever it is used later. For one thread at a time. rtnetlink(7).
/// </summary>
public sealed class RouteSocket : IDisposable
{
    private readonly NetlinkSocket socket;

    private RouteSocket(NetlinkSocket socket) => this.socket = socket;

    /// <summary>To the network namespace of the calling thread.</summary>
    public static SysResult<RouteSocket> Open()
    {
        SysResult<NetlinkSocket> opened = NetlinkSocket.Open(NetlinkProtocol.NETLINK_ROUTE);
        return opened.Ok ? new(new RouteSocket(opened.Value), Errno.None) : new(null!, opened.Errno);
    }

    /// <summary>
    /// To another network namespace. A thread of its own enters that and ends there, so that no thread of the caller's is
    /// ever in it. EPERM: no CAP_SYS_ADMIN in the namespace's owner; EINVAL: it is no network namespace.
    /// </summary>
    public static SysResult<RouteSocket> OpenIn(NamespaceFd network)
    {
        SysResult<RouteSocket> opened = default;
        Thread thread = new(() =>
        {
            SysResult entered = Namespaces.SetNs(network, CloneFlags.CLONE_NEWNET);
            opened = entered.Ok ? Open() : new(null!, entered.Errno);
        });
        thread.Start();
        thread.Join();
        return opened;
    }

    /// <summary>Asks for something to be done, and waits until it is or is refused.</summary>
    public SysResult Do(NetlinkRequest request) => socket.Do(request);

    /// <summary>
    /// Asks for messages (NLM_F_DUMP, or one that answers a question) and hands over what each holds behind its header.
    /// EAGAIN: they were changed all the time while they were read.
    /// </summary>
    public SysResult<List<byte[]>> Read(NetlinkRequest request) => socket.Read(request);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
