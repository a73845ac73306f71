using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What poll(2) waits for.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollDescriptor
{
    /// <summary>The descriptor; negative is passed over.</summary>
    public int Descriptor;

    /// <summary>What to wait for.</summary>
    public PollEvents Events;

    /// <summary>What is the case.</summary>
    public PollEvents Returned;
}
