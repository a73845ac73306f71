using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What waitid(2) says about a child: the fields of SIGCHLD in a siginfo_t. asm-generic/siginfo.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct SigInfo
{
    /// <summary>SIGCHLD, or zero where nothing was to be reported.</summary>
    public int Signal;

    /// <summary>Unused.</summary>
    public int Error;

    /// <summary>How it ended or what it did.</summary>
    public ChildCode Code;

    private readonly int _padding;

    /// <summary>The child.</summary>
    public int ProcessId;

    /// <summary>Its real user.</summary>
    public uint UserId;

    /// <summary>The exit code, or the signal.</summary>
    public int Status;

    private readonly int _statusPadding;

    /// <summary>In clock ticks.</summary>
    public long UserTime;

    /// <summary>In clock ticks.</summary>
    public long SystemTime;
}
