using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A network device of a namespace, as the kernel describes it.</summary>
/// <param name="Index">Its number there.</param>
/// <param name="Name">Its name.</param>
/// <param name="Flags">Its state.</param>
/// <param name="Mtu">The largest packet in bytes.</param>
/// <param name="Master">The number of the bridge or bond that it belongs to; 0 for none.</param>
public sealed record NetworkLink(int Index, string Name, LinkFlags Flags, uint Mtu, int Master)
{
    /// <summary>The size of a struct ifinfomsg, in bytes.</summary>
    internal const int HeaderLength = 16;

    /// <summary>It can send and receive, as far as this machine is concerned.</summary>
    public bool IsUp => (Flags & LinkFlags.IFF_UP) != 0;

    /// <summary>Reads an RTM_NEWLINK message behind its header; null where it is too short to be one.</summary>
    internal static NetworkLink? TryParse(ReadOnlySpan<byte> body)
    {
        if (body.Length < HeaderLength)
        {
            return null;
        }

        string name = "";
        uint mtu = 0;
        int master = 0;
        NetlinkAttributes attributes = new(body[HeaderLength..]);
        while (attributes.Next())
        {
            switch ((LinkAttribute)attributes.Type)
            {
                case LinkAttribute.IFLA_IFNAME:
                    name = attributes.Text;
                    break;
                case LinkAttribute.IFLA_MTU:
                    mtu = attributes.UInt32;
                    break;
                case LinkAttribute.IFLA_MASTER:
                    master = (int)attributes.UInt32;
                    break;
            }
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        LinkFlags flags = (LinkFlags)BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        return new NetworkLink(index, name, flags, mtu, master);
    }

    /// <summary>A struct ifinfomsg about a device.</summary>
    internal static byte[] Header(int index, LinkFlags flags, LinkFlags changed)
    {
        byte[] header = new byte[HeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)changed);
        return header;
    }
}
