namespace Tare.Linux.Abi;

/// <summary>
/// The flags of open_tree(2), among them those of the AT_ family that it takes. linux/mount.h, Linux 5.2.
/// </summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum OpenTreeFlags : uint
{
    None = 0,
    OPEN_TREE_CLONE = 0x1,
    OPEN_TREE_NAMESPACE = 0x2,
    AT_SYMLINK_NOFOLLOW = 0x100,
    AT_NO_AUTOMOUNT = 0x800,
    AT_EMPTY_PATH = 0x1000,
    AT_RECURSIVE = 0x8000,
    OPEN_TREE_CLOEXEC = 0x80000,
}
