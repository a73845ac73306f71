namespace Tare.Linux.Abi;

/// <summary>The kinds of file system, as statfs(2) tells them. linux/magic.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FileSystemMagic : long
{
    AUTOFS_SUPER_MAGIC = 0x0187,
    DEVPTS_SUPER_MAGIC = 0x1cd1,
    NFS_SUPER_MAGIC = 0x6969,
    PROC_SUPER_MAGIC = 0x9fa0,
    EXT4_SUPER_MAGIC = 0xef53,
    CGROUP_SUPER_MAGIC = 0x27e0eb,
    TMPFS_MAGIC = 0x01021994,
    V9FS_MAGIC = 0x01021997,
    MQUEUE_MAGIC = 0x19800202,
    FUSE_SUPER_MAGIC = 0x65735546,
    PIPEFS_MAGIC = 0x50495045,
    PID_FS_MAGIC = 0x50494446,
    SOCKFS_MAGIC = 0x534f434b,
    XFS_SUPER_MAGIC = 0x58465342,
    SYSFS_MAGIC = 0x62656572,
    CGROUP2_SUPER_MAGIC = 0x63677270,
    DEBUGFS_MAGIC = 0x64626720,
    NSFS_MAGIC = 0x6e736673,
    SQUASHFS_MAGIC = 0x73717368,
    SECURITYFS_MAGIC = 0x73636673,
    TRACEFS_MAGIC = 0x74726163,
    OVERLAYFS_SUPER_MAGIC = 0x794c7630,
    RAMFS_MAGIC = 0x858458f6,
    BTRFS_SUPER_MAGIC = 0x9123683e,
    EROFS_SUPER_MAGIC_V1 = 0xe0f5e1e2,
    BPF_FS_MAGIC = 0xcafe4a11,
    F2FS_SUPER_MAGIC = 0xf2f52010,
    SELINUX_MAGIC = 0xf97cff8c,
}
