namespace Tare.Linux.Abi;

/// <summary>What statx(2) says about a file besides its mode. linux/stat.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum StatXAttributes : ulong
{
    None = 0,
    STATX_ATTR_COMPRESSED = 0x4,
    STATX_ATTR_IMMUTABLE = 0x10,
    STATX_ATTR_APPEND = 0x20,
    STATX_ATTR_ENCRYPTED = 0x800,
    STATX_ATTR_AUTOMOUNT = 0x1000,
    STATX_ATTR_MOUNT_ROOT = 0x2000,
    STATX_ATTR_VERITY = 0x100000,
    STATX_ATTR_DAX = 0x200000,
}
