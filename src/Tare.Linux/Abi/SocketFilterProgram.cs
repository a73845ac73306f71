using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A BPF program. linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SocketFilterProgram
{
    /// <summary>In instructions.</summary>
    public ushort Length;

    private readonly ushort _padding;

    private readonly uint _morePadding;

    /// <summary>The address of the instructions.</summary>
    public nint Filter;
}
