using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A limit for prlimit64(2); the unit depends on the resource. All ones is no limit.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RLimit64
{
    /// <summary>The soft limit.</summary>
    public ulong Current;

    /// <summary>The hard limit.</summary>
    public ulong Maximum;
}
