using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Whose files are counted. linux/quota.h, quotactl(2).</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum QuotaKind
{
    USRQUOTA = 0,
    GRPQUOTA = 1,
    PRJQUOTA = 2,
}
#pragma warning restore CS1591

/// <summary>struct if_dqblk. linux/quota.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct QuotaValues
{
    internal ulong HardBlocks;
    internal ulong SoftBlocks;
    internal ulong Bytes;
    internal ulong HardFiles;
    internal ulong SoftFiles;
    internal ulong Files;
    internal ulong BytesSince;
    internal ulong FilesSince;
    internal uint Valid;
    internal uint Padding;
}

/// <summary>struct fsxattr. linux/fs.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 28)]
internal struct FileSystemAttributes
{
    internal uint Flags;
    internal uint ExtentSize;
    internal uint Extents;
    internal uint Project;
}
