using System.Buffers.Binary;
using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>An address of a network device.</summary>
/// <param name="Family">AF_INET or AF_INET6.</param>
/// <param name="PrefixLength">How many bits name the network.</param>
/// <param name="Scope">How far it is good.</param>
/// <param name="Flags">What is known about it.</param>
/// <param name="Index">The device's number.</param>
public sealed record LinkAddress(
    SocketFamily Family,
    byte PrefixLength,
    AddressScope Scope,
    AddressFlags Flags,
    int Index
)
{
    /// <summary>The size of a struct ifaddrmsg, in bytes.</summary>
    internal const int HeaderLength = 8;

    /// <summary>Those flags that are asked for and not found out.</summary>
    private const AddressFlags Settable =
        AddressFlags.IFA_F_NODAD
        | AddressFlags.IFA_F_HOMEADDRESS
        | AddressFlags.IFA_F_MANAGETEMPADDR
        | AddressFlags.IFA_F_NOPREFIXROUTE
        | AddressFlags.IFA_F_MCAUTOJOIN;

    /// <summary>The address of the device itself, in network order; empty where the kernel gives only <see cref="Peer"/>.</summary>
    public ImmutableArray<byte> Local { get; init; } = [];

    /// <summary>The address, or that of the other end of a line that has two.</summary>
    public ImmutableArray<byte> Peer { get; init; } = [];

    /// <summary>Where to send to all; empty for nowhere.</summary>
    public ImmutableArray<byte> Broadcast { get; init; } = [];

    /// <summary>The metric of its route; 0 leaves it to the kernel.</summary>
    public uint Priority { get; init; }

    /// <summary>It stays until it is removed.</summary>
    public bool IsPermanent => (Flags & AddressFlags.IFA_F_PERMANENT) != 0;

    /// <summary>Reads an RTM_NEWADDR message behind its header; null where it is too short to be one.</summary>
    internal static LinkAddress? TryParse(ReadOnlySpan<byte> body)
    {
        if (body.Length < HeaderLength)
        {
            return null;
        }

        LinkAddress address = new(
            (SocketFamily)body[0],
            body[1],
            (AddressScope)body[3],
            (AddressFlags)body[2],
            BinaryPrimitives.ReadInt32LittleEndian(body[4..])
        );
        NetlinkAttributes attributes = new(body[HeaderLength..]);
        while (attributes.Next())
        {
            address = (AddressAttribute)attributes.Type switch
            {
                AddressAttribute.IFA_LOCAL => address with { Local = [.. attributes.Value] },
                AddressAttribute.IFA_ADDRESS => address with { Peer = [.. attributes.Value] },
                AddressAttribute.IFA_BROADCAST => address with { Broadcast = [.. attributes.Value] },
                AddressAttribute.IFA_FLAGS => address with { Flags = (AddressFlags)attributes.UInt32 },
                AddressAttribute.IFA_RT_PRIORITY => address with { Priority = attributes.UInt32 },
                _ => address,
            };
        }

        return address;
    }

    /// <summary>The message that gives a device this address.</summary>
    internal NetlinkRequest ToRequest(int index)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        header[0] = (byte)Family;
        header[1] = PrefixLength;
        header[3] = (byte)Scope;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        NetlinkRequest request = new(
            NetlinkMessageType.RTM_NEWADDR,
            NetlinkFlags.NLM_F_ACK | NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL,
            header
        );
        AddIfAny(request, AddressAttribute.IFA_LOCAL, Local);
        AddIfAny(request, AddressAttribute.IFA_ADDRESS, Peer);
        AddIfAny(request, AddressAttribute.IFA_BROADCAST, Broadcast);
        if ((Flags & Settable) is var flags and not AddressFlags.None)
        {
            request.Add((ushort)AddressAttribute.IFA_FLAGS, (uint)flags);
        }

        if (Priority != 0)
        {
            request.Add((ushort)AddressAttribute.IFA_RT_PRIORITY, Priority);
        }

        return request;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        ImmutableArray<byte> shown = Local.IsDefaultOrEmpty ? Peer : Local;
        string text =
            Family == SocketFamily.AF_INET
                ? string.Join('.', shown)
                : string.Join(
                    ':',
                    Convert.ToHexStringLower(shown.AsSpan()).Chunk(4).Select(group => new string(group))
                );
        return $"{text}/{PrefixLength}";
    }

    private static void AddIfAny(NetlinkRequest request, AddressAttribute attribute, ImmutableArray<byte> value)
    {
        if (!value.IsDefaultOrEmpty)
        {
            request.Add((ushort)attribute, value.AsSpan());
        }
    }
}
