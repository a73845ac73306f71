using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A signal as read from a signalfd(2). linux/signalfd.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct SignalFdInfo
{
    /// <summary>Its number.</summary>
    public Signal Signal;

    /// <summary>An errno, rarely used.</summary>
    public int Error;

    /// <summary>Where it comes from.</summary>
    public int Code;

    /// <summary>The sender.</summary>
    public uint ProcessId;

    /// <summary>The sender's real user.</summary>
    public uint UserId;

    /// <summary>For SIGIO.</summary>
    public int Descriptor;

    /// <summary>For POSIX timers.</summary>
    public uint TimerId;

    /// <summary>For SIGIO.</summary>
    public uint Band;

    /// <summary>For POSIX timers.</summary>
    public uint Overrun;

    /// <summary>For faults.</summary>
    public uint TrapNumber;

    /// <summary>For SIGCHLD: the exit code, or the signal.</summary>
    public int Status;

    /// <summary>The value that sigqueue sent.</summary>
    public int Integer;

    /// <summary>The value that sigqueue sent.</summary>
    public ulong Pointer;

    /// <summary>For SIGCHLD, in clock ticks.</summary>
    public ulong UserTime;

    /// <summary>For SIGCHLD, in clock ticks.</summary>
    public ulong SystemTime;

    /// <summary>For faults.</summary>
    public ulong Address;
}
