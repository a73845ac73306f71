namespace Tare.Linux.Abi;

/// <summary>The flags of fspick(2). linux/mount.h, Linux 5.2.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FsPickFlags : uint
{
    None = 0,
    FSPICK_CLOEXEC = 0x1,
    FSPICK_SYMLINK_NOFOLLOW = 0x2,
    FSPICK_NO_AUTOMOUNT = 0x4,
    FSPICK_EMPTY_PATH = 0x8,
}
