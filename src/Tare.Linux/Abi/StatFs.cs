using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What statfs(2) tells; the same on x64 and arm64. asm-generic/statfs.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
public struct StatFs
{
    /// <summary>The kind of file system.</summary>
    public FileSystemMagic Type;

    /// <summary>In bytes.</summary>
    public long BlockSize;

    /// <summary>All blocks.</summary>
    public ulong Blocks;

    /// <summary>Free blocks.</summary>
    public ulong FreeBlocks;

    /// <summary>Free blocks for ordinary users.</summary>
    public ulong AvailableBlocks;

    /// <summary>All inodes.</summary>
    public ulong Files;

    /// <summary>Free inodes.</summary>
    public ulong FreeFiles;

    /// <summary>The file system's id.</summary>
    public ulong Id;

    /// <summary>The longest name.</summary>
    public long NameLength;

    /// <summary>In bytes.</summary>
    public long FragmentSize;

    /// <summary>The mount's flags (ST_RDONLY and so on).</summary>
    public ulong Flags;
}
