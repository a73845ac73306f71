using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Whose capabilities capget(2) and capset(2) mean. linux/capability.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityHeader
{
    /// <summary><see cref="Version3"/>.</summary>
    public uint Version;

    /// <summary>The process; zero is the caller.</summary>
    public int ProcessId;

    /// <summary>_LINUX_CAPABILITY_VERSION_3: 64 capabilities.</summary>
    public const uint Version3 = 0x20080522;
}
