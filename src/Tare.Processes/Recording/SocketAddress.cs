using System.Buffers.Binary;
using System.Net;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A sockaddr taken apart. ip(7), ipv6(7), unix(7), netlink(7), packet(7), vsock(7).</summary>
/// <param name="Family">Its family.</param>
/// <param name="Address">The address for people.</param>
/// <param name="Port">The port, or 0.</param>
internal readonly record struct SocketAddress(SocketFamily Family, string Address, int Port)
{
    /// <summary>The most bytes that the kernel takes. sockaddr_storage.</summary>
    public const int MaximumLength = 128;

    /// <summary>Takes it apart; null where it is too short to be one.</summary>
    public static SocketAddress? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        SocketFamily family = (SocketFamily)BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return family switch
        {
            SocketFamily.AF_INET when bytes.Length >= 8 => new(
                family,
                new IPAddress(bytes[4..8]).ToString(),
                BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])
            ),
            SocketFamily.AF_INET6 when bytes.Length >= 24 => new(
                family,
                new IPAddress(bytes[8..24]).ToString(),
                BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])
            ),
            SocketFamily.AF_UNIX => new(family, UnixName(bytes[2..]), 0),
            SocketFamily.AF_VSOCK when bytes.Length >= 12 => new(
                family,
                $"cid {BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])}",
                (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), int.MaxValue)
            ),
            _ => new(family, "", 0),
        };
    }

    /// <summary>It is a path, of AF_UNIX.</summary>
    public bool IsPath => Family == SocketFamily.AF_UNIX && Address.Length > 0 && Address[0] != '@';

    private static string UnixName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return "";
        }

        if (name[0] == 0)
        {
            return "@" + Encoding.UTF8.GetString(name[1..]).Replace('\0', '@');
        }

        int zero = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(zero < 0 ? name : name[..zero]);
    }
}
