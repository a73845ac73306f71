using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>
/// What statmount(2) tells before its texts: struct statmount. linux/mount.h, Linux 6.8; what an older kernel does not know is
/// zero, and its bit in the mask too.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 512)]
public struct StatMount
{
    /// <summary>The size with all texts, in bytes.</summary>
    public uint Size;

    /// <summary>Where the file system's options are among the texts.</summary>
    public uint Options;

    /// <summary>What is there.</summary>
    public StatMountMask Mask;

    /// <summary>The file system's device.</summary>
    public uint DeviceMajor;

    /// <summary>The file system's device.</summary>
    public uint DeviceMinor;

    /// <summary>The kind of file system.</summary>
    public ulong Magic;

    /// <summary>Flags of the file system: 1 read-only, 16 synchronous, 64 mandatory locks, 128 dirsync.</summary>
    public uint FileSystemFlags;

    /// <summary>Where the type is among the texts.</summary>
    public uint Type;

    /// <summary>The number that is never given again.</summary>
    public ulong MountId;

    /// <summary>That of the mount below.</summary>
    public ulong ParentId;

    /// <summary>The number that mountinfo shows.</summary>
    public uint OldMountId;

    /// <summary>That of the mount below.</summary>
    public uint OldParentId;

    /// <summary>The mount's attributes.</summary>
    public MountAttributeFlags Attributes;

    /// <summary>How what is mounted here is passed on.</summary>
    public MountFlags Propagation;

    /// <summary>The peer group; 0 is none.</summary>
    public ulong PeerGroup;

    /// <summary>The peer group that it receives from; 0 is none.</summary>
    public ulong Master;

    /// <summary>The nearest such group that the caller sees.</summary>
    public ulong PropagatesFrom;

    /// <summary>Where the root within the file system is among the texts.</summary>
    public uint Root;

    /// <summary>Where the place is among the texts.</summary>
    public uint Point;

    /// <summary>The mount namespace.</summary>
    public ulong NamespaceId;

    /// <summary>Where the subtype is among the texts.</summary>
    public uint Subtype;

    /// <summary>Where the source is among the texts.</summary>
    public uint Source;

    /// <summary>How many options of the file system there are.</summary>
    public uint OptionCount;

    /// <summary>Where they begin among the texts, one behind the other.</summary>
    public uint OptionArray;

    /// <summary>How many options of security modules there are.</summary>
    public uint SecurityOptionCount;

    /// <summary>Where they begin among the texts.</summary>
    public uint SecurityOptionArray;

    /// <summary>All that the kernel can tell. Linux 6.15.</summary>
    public StatMountMask Supported;

    /// <summary>How many ranges of uids the mount shows as others.</summary>
    public uint UserMapCount;

    /// <summary>Where they begin among the texts. Linux 6.15.</summary>
    public uint UserMap;

    /// <summary>How many ranges of gids.</summary>
    public uint GroupMapCount;

    /// <summary>Where they begin among the texts.</summary>
    public uint GroupMap;
}

/// <summary>What statmount(2) is asked for. linux/mount.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum StatMountMask : ulong
{
    None = 0,
    STATMOUNT_SB_BASIC = 0x1,
    STATMOUNT_MNT_BASIC = 0x2,
    STATMOUNT_PROPAGATE_FROM = 0x4,
    STATMOUNT_MNT_ROOT = 0x8,
    STATMOUNT_MNT_POINT = 0x10,
    STATMOUNT_FS_TYPE = 0x20,
    STATMOUNT_MNT_NS_ID = 0x40,
    STATMOUNT_MNT_OPTS = 0x80,
    STATMOUNT_FS_SUBTYPE = 0x100,
    STATMOUNT_SB_SOURCE = 0x200,
    STATMOUNT_OPT_ARRAY = 0x400,
    STATMOUNT_OPT_SEC_ARRAY = 0x800,
    STATMOUNT_SUPPORTED_MASK = 0x1000,
    STATMOUNT_MNT_UIDMAP = 0x2000,
    STATMOUNT_MNT_GIDMAP = 0x4000,
}

/// <summary>Which mount statmount(2) and listmount(2) are about: struct mnt_id_req. linux/mount.h, Linux 6.8.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MountRequest
{
    /// <summary>The size of this struct in bytes: 24 before Linux 6.11.</summary>
    public uint Size;

    /// <summary>With STATMOUNT_BY_FD (Linux 7.0) a descriptor of the mount; otherwise zero.</summary>
    public uint Descriptor;

    /// <summary>The mount.</summary>
    public ulong MountId;

    /// <summary>A mask of what is wanted, or the last mount that was listed.</summary>
    public ulong Parameter;

    /// <summary>The mount namespace; 0 is the caller's.</summary>
    public ulong NamespaceId;
}

/// <summary>A mount namespace as NS_MNT_GET_INFO tells it: struct mnt_ns_info. linux/nsfs.h, Linux 6.12.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MountNamespaceInfo
{
    /// <summary>The size of this struct in bytes.</summary>
    public uint Size;

    /// <summary>How many mounts it has.</summary>
    public uint MountCount;

    /// <summary>The number that statmount(2) and listmount(2) take.</summary>
    public ulong NamespaceId;
}
