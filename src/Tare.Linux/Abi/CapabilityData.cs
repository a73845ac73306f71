using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>One half of three sets of capabilities: an array of two makes 64 bits each. linux/capability.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityData
{
    /// <summary>In force.</summary>
    public uint Effective;

    /// <summary>May be put in force.</summary>
    public uint Permitted;

    /// <summary>Kept over execve where the file has them too.</summary>
    public uint Inheritable;
}
