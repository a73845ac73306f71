using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What PIDFD_GET_INFO tells. linux/pidfd.h, Linux 6.13; the exit status since 6.15.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PidFdInfo
{
    /// <summary>What is wanted, then what is there.</summary>
    public PidFdInfoMask Mask;

    /// <summary>The inode of its v2 cgroup.</summary>
    public ulong CgroupId;

    /// <summary>The thread's id in the caller's PID namespace.</summary>
    public uint ProcessId;

    /// <summary>The process's id.</summary>
    public uint ThreadGroupId;

    /// <summary>Its parent's.</summary>
    public uint ParentId;

    /// <summary>Real user.</summary>
    public uint RealUserId;

    /// <summary>Real group.</summary>
    public uint RealGroupId;

    /// <summary>Effective user.</summary>
    public uint EffectiveUserId;

    /// <summary>Effective group.</summary>
    public uint EffectiveGroupId;

    /// <summary>Saved user.</summary>
    public uint SavedUserId;

    /// <summary>Saved group.</summary>
    public uint SavedGroupId;

    /// <summary>User for the file system.</summary>
    public uint FileSystemUserId;

    /// <summary>Group for the file system.</summary>
    public uint FileSystemGroupId;

    /// <summary>The status as wait(2) has it, where PIDFD_INFO_EXIT is in the mask.</summary>
    public int ExitStatus;
}
