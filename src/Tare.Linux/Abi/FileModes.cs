namespace Tare.Linux.Abi;

/// <summary>
/// The type and the permission bits of a file. inode(7), linux/stat.h. The types are values, not bits: compare them
/// under S_IFMT.
/// </summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum FileModes : uint
{
    None = 0,
    S_IFMT = 0xf000,
    S_IFSOCK = 0xc000,
    S_IFLNK = 0xa000,
    S_IFREG = 0x8000,
    S_IFBLK = 0x6000,
    S_IFDIR = 0x4000,
    S_IFCHR = 0x2000,
    S_IFIFO = 0x1000,
    S_ISUID = 0x800,
    S_ISGID = 0x400,
    S_ISVTX = 0x200,
    S_IRUSR = 0x100,
    S_IWUSR = 0x80,
    S_IXUSR = 0x40,
    S_IRGRP = 0x20,
    S_IWGRP = 0x10,
    S_IXGRP = 0x8,
    S_IROTH = 0x4,
    S_IWOTH = 0x2,
    S_IXOTH = 0x1,
}
