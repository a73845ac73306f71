using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A message with ancillary data. sendmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MsgHdr
{
    /// <summary>The address of the peer's address.</summary>
    public nint Name;

    /// <summary>Its length in bytes.</summary>
    public uint NameLength;

    private readonly uint _padding;

    /// <summary>The address of <see cref="IoVec"/>s.</summary>
    public nint Vectors;

    /// <summary>How many they are.</summary>
    public nuint VectorCount;

    /// <summary>The address of the ancillary data.</summary>
    public nint Control;

    /// <summary>Its length in bytes.</summary>
    public nuint ControlLength;

    /// <summary>What the kernel says about the message.</summary>
    public MessageFlags Flags;

    private readonly uint _flagsPadding;
}
