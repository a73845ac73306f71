using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct landlock_net_port_attr: what is allowed with a port. linux/landlock.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LandlockNetPort
{
    /// <summary>What is allowed.</summary>
    public LandlockAccessNet AllowedAccess;

    /// <summary>The port, in the machine's byte order.</summary>
    public ulong Port;
}
