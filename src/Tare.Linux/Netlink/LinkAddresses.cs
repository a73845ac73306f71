using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The addresses of a namespace's network devices. rtnetlink(7).</summary>
public static class LinkAddresses
{
    /// <summary>Those of a device, in the kernel's order.</summary>
    public static SysResult<IReadOnlyList<LinkAddress>> List(RouteSocket socket, int index)
    {
        SysResult<List<byte[]>> read = socket.Read(
            new(NetlinkMessageType.RTM_GETADDR, NetlinkFlags.NLM_F_DUMP, new byte[LinkAddress.HeaderLength])
        );
        List<LinkAddress> addresses = [];
        foreach (byte[] message in read.Value ?? [])
        {
            if (LinkAddress.TryParse(message) is { } address && address.Index == index)
            {
                addresses.Add(address);
            }
        }

        return new(addresses, read.Errno);
    }

    /// <summary>Gives a device an address. EEXIST: it has it.</summary>
    public static SysResult Add(RouteSocket socket, int index, LinkAddress address) =>
        socket.Do(address.ToRequest(index));
}
