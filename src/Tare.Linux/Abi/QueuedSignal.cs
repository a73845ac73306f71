using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A signal with a value: the fields of sigqueue(3) in a siginfo_t. asm-generic/siginfo.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct QueuedSignal
{
    /// <summary>Which.</summary>
    public Signal Signal;

    /// <summary>Unused.</summary>
    public int Error;

    /// <summary>Where it comes from.</summary>
    public SignalOrigin Code;

    private readonly int _padding;

    /// <summary>The sender.</summary>
    public int ProcessId;

    /// <summary>Its real user.</summary>
    public uint UserId;

    /// <summary>The value, an int or a pointer.</summary>
    public ulong Value;
}
