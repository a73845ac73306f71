using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What statx(2) tells. linux/stat.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public struct StatX
{
    /// <summary>What is filled in.</summary>
    public StatXMask Mask;

    /// <summary>The best size for I/O, in bytes.</summary>
    public uint BlockSize;

    /// <summary>Besides the mode.</summary>
    public StatXAttributes Attributes;

    /// <summary>Hard links.</summary>
    public uint LinkCount;

    /// <summary>Owner.</summary>
    public uint UserId;

    /// <summary>Group.</summary>
    public uint GroupId;

    /// <summary>Type and permissions.</summary>
    public ushort RawMode;

    private readonly ushort _padding;

    /// <summary>The inode's number.</summary>
    public ulong Inode;

    /// <summary>In bytes.</summary>
    public ulong Size;

    /// <summary>In 512 bytes.</summary>
    public ulong Blocks;

    /// <summary>Which attributes this file system knows.</summary>
    public StatXAttributes AttributesMask;

    /// <summary>Last read.</summary>
    public StatXTime AccessTime;

    /// <summary>Made.</summary>
    public StatXTime BirthTime;

    /// <summary>The inode changed last.</summary>
    public StatXTime ChangeTime;

    /// <summary>The content changed last.</summary>
    public StatXTime ModificationTime;

    /// <summary>Of the device that a device node stands for.</summary>
    public uint SpecialMajor;

    /// <summary>Of the device that a device node stands for.</summary>
    public uint SpecialMinor;

    /// <summary>Of the device that the file lies on.</summary>
    public uint DeviceMajor;

    /// <summary>Of the device that the file lies on.</summary>
    public uint DeviceMinor;

    /// <summary>The mount, as in mountinfo (or the unique one, if that was asked for).</summary>
    public ulong MountId;

    /// <summary>Type and permissions.</summary>
    public readonly FileModes Mode => (FileModes)RawMode;
}
