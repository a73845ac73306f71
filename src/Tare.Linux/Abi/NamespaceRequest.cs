using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Which namespaces listns(2) lists: struct ns_id_req. linux/nsfs.h, Linux 6.19.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NamespaceRequest
{
    /// <summary>The size of this struct in bytes.</summary>
    public uint Size;

    private readonly uint _spare;

    /// <summary>Those with higher ids than this.</summary>
    public ulong After;

    /// <summary>CLONE_NEW flags; none is all kinds.</summary>
    public uint Kinds;

    private readonly uint _spare2;

    /// <summary>The user namespace that owns them; 0 is any, <see cref="ulong.MaxValue"/> the caller's.</summary>
    public ulong OwnerId;
}
