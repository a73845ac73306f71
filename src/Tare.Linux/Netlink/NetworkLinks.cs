using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The network devices of a namespace. rtnetlink(7).</summary>
public static class NetworkLinks
{
    /// <summary>The most bytes that a device's name has.</summary>
    public const int LongestName = 15;

    /// <summary>All devices.</summary>
    public static SysResult<IReadOnlyList<NetworkLink>> List(RouteSocket socket)
    {
        SysResult<List<byte[]>> read = socket.Read(
            new(NetlinkMessageType.RTM_GETLINK, NetlinkFlags.NLM_F_DUMP, NetworkLink.Header(0, 0, 0))
        );
        List<NetworkLink> links = new(read.Value?.Count ?? 0);
        foreach (byte[] message in read.Value ?? [])
        {
            if (NetworkLink.TryParse(message) is { } link)
            {
                links.Add(link);
            }
        }

        return new(links, read.Errno);
    }

    /// <summary>The device of a name. ENODEV: there is none.</summary>
    public static SysResult<NetworkLink> Find(RouteSocket socket, string name)
    {
        SysResult<List<byte[]>> read = socket.Read(
            new NetlinkRequest(NetlinkMessageType.RTM_GETLINK, NetlinkFlags.NLM_F_ACK, NetworkLink.Header(0, 0, 0)).Add(
                (ushort)LinkAttribute.IFLA_IFNAME,
                name
            )
        );
        return !read.Ok ? new(null!, read.Errno)
            : read.Value is [var message, ..] && NetworkLink.TryParse(message) is { } link ? new(link, Errno.None)
            : new(null!, Errno.ENODEV);
    }

    /// <summary>
    /// Moves a device into another network namespace under a name that is free there. It is down then and has lost its
    /// addresses. EINVAL: it belongs to its namespace (<c>lo</c>, for one); EEXIST: the name is taken; EPERM: no
    /// CAP_NET_ADMIN in both.
    /// </summary>
    public static SysResult Move(RouteSocket socket, int index, NamespaceFd target, string name)
    {
        using Borrowed descriptor = new(target);
        return socket.Do(
            Change(index)
                .Add((ushort)LinkAttribute.IFLA_NET_NS_FD, (uint)descriptor.Number)
                .Add((ushort)LinkAttribute.IFLA_IFNAME, name)
        );
    }

    /// <summary>Sets a device up or down.</summary>
    public static SysResult SetUp(RouteSocket socket, int index, bool up) =>
        socket.Do(
            new(
                NetlinkMessageType.RTM_NEWLINK,
                NetlinkFlags.NLM_F_ACK,
                NetworkLink.Header(index, up ? LinkFlags.IFF_UP : LinkFlags.None, LinkFlags.IFF_UP)
            )
        );

    /// <summary>Makes a device a port of a bridge or bond; 0 takes it out.</summary>
    public static SysResult SetMaster(RouteSocket socket, int index, int master) =>
        socket.Do(Change(index).Add((ushort)LinkAttribute.IFLA_MASTER, (uint)master));

    private static NetlinkRequest Change(int index) =>
        new(NetlinkMessageType.RTM_NEWLINK, NetlinkFlags.NLM_F_ACK, NetworkLink.Header(index, 0, 0));
}
