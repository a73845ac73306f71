using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>The head of one piece of ancillary data. cmsg(3).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ControlMessageHeader
{
    /// <summary>In bytes, this head included.</summary>
    public nuint Length;

    /// <summary>SOL_SOCKET.</summary>
    public SocketLevel Level;

    /// <summary>What follows.</summary>
    public AncillaryType Type;
}
