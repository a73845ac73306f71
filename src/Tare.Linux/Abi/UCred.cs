using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Who sent a message on an AF_UNIX socket. unix(7).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct UCred
{
    /// <summary>The sender.</summary>
    public int ProcessId;

    /// <summary>Its user.</summary>
    public uint UserId;

    /// <summary>Its group.</summary>
    public uint GroupId;
}
