using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>
/// What openat2(2) takes. linux/openat2.h. The flags are translated by <see cref="OpenFlagsTable"/> before the call.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    /// <summary>The flags, as the architecture has them.</summary>
    public ulong Flags;

    /// <summary>The permission bits of a file that is created; zero otherwise.</summary>
    public ulong Mode;

    /// <summary>How the path may be walked.</summary>
    public ResolveFlags Resolve;
}
