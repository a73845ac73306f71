using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct seccomp_notif_resp: the answer to a call. linux/seccomp.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SeccompResponse
{
    /// <summary>Which call.</summary>
    public ulong Id;

    /// <summary>What it returns, where <see cref="Error"/> is 0.</summary>
    public long Value;

    /// <summary>A negated errno, or 0.</summary>
    public int Error;

    /// <summary>Whether it is made instead.</summary>
    public SeccompResponseFlags Flags;
}
