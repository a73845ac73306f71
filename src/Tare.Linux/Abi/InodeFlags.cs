using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Flags of a file on the disk: FS_XFLAG_*. linux/fs.h, chattr(1).</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in ioctl_fsxattr(2)
public enum InodeFlags : ulong
{
    None = 0,
    FS_XFLAG_REALTIME = 0x1,
    FS_XFLAG_PREALLOC = 0x2,
    FS_XFLAG_IMMUTABLE = 0x8,
    FS_XFLAG_APPEND = 0x10,
    FS_XFLAG_SYNC = 0x20,
    FS_XFLAG_NOATIME = 0x40,
    FS_XFLAG_NODUMP = 0x80,
    FS_XFLAG_RTINHERIT = 0x100,
    FS_XFLAG_PROJINHERIT = 0x200,
    FS_XFLAG_NOSYMLINKS = 0x400,
    FS_XFLAG_EXTSIZE = 0x800,
    FS_XFLAG_EXTSZINHERIT = 0x1000,
    FS_XFLAG_NODEFRAG = 0x2000,
    FS_XFLAG_FILESTREAM = 0x4000,
    FS_XFLAG_DAX = 0x8000,
    FS_XFLAG_COWEXTSIZE = 0x10000,
    FS_XFLAG_HASATTR = 0x80000000,
}
#pragma warning restore CS1591

/// <summary>What a file system keeps of a file beside its status: struct file_attr. linux/fs.h, Linux 6.17.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct InodeAttributes
{
    /// <summary>Flags.</summary>
    public InodeFlags Flags;

    /// <summary>In what pieces the file grows, in bytes; 0 is as the file system likes.</summary>
    public uint ExtentSize;

    /// <summary>How many pieces it has; not set.</summary>
    public uint Extents;

    /// <summary>The project that it is counted for; 0 is none.</summary>
    public uint Project;

    /// <summary>In what pieces shared parts are copied when they are written to, in bytes.</summary>
    public uint CopiedExtentSize;
}
