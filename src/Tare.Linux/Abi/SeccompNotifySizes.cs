using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>The sizes of the structures of seccomp's notifications, in bytes. linux/seccomp.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SeccompNotifySizes
{
    /// <summary>struct seccomp_notif.</summary>
    public ushort Notification;

    /// <summary>struct seccomp_notif_resp.</summary>
    public ushort Response;

    /// <summary>struct seccomp_data.</summary>
    public ushort Data;
}
