using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct seccomp_notif: a call that waits for an answer. linux/seccomp.h, Linux 5.0.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SeccompNotification
{
    /// <summary>What it is answered by.</summary>
    public ulong Id;

    /// <summary>The thread's number in the listener's PID namespace; 0 where it has none there.</summary>
    public uint ThreadId;

    /// <summary>None yet.</summary>
    public uint Flags;

    /// <summary>The call.</summary>
    public SeccompData Data;
}
