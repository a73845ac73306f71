using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>One instruction of a BPF program. linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SocketFilter
{
    /// <summary>The operation.</summary>
    public ushort Code;

    /// <summary>How many to skip if true.</summary>
    public byte JumpTrue;

    /// <summary>How many to skip if false.</summary>
    public byte JumpFalse;

    /// <summary>The constant.</summary>
    public uint Operand;
}
