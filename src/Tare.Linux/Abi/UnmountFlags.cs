namespace Tare.Linux.Abi;

/// <summary>The flags of umount2(2). linux/fs.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum UnmountFlags : uint
{
    None = 0,
    MNT_FORCE = 0x1,
    MNT_DETACH = 0x2,
    MNT_EXPIRE = 0x4,
    UMOUNT_NOFOLLOW = 0x8,
}
