using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct seccomp_notif_addfd: a descriptor for the process that waits. linux/seccomp.h, Linux 5.9.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SeccompAddDescriptor
{
    /// <summary>Which call.</summary>
    public ulong Id;

    /// <summary>How.</summary>
    public SeccompAddDescriptorFlags Flags;

    /// <summary>The descriptor here.</summary>
    public uint Source;

    /// <summary>Its number there, with SECCOMP_ADDFD_FLAG_SETFD.</summary>
    public uint Number;

    /// <summary>O_CLOEXEC or nothing.</summary>
    public uint NewFlags;
}
