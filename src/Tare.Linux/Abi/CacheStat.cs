using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>How many pages of a file are in memory, and how. cachestat(2), linux/mman.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CacheStat
{
    /// <summary>In memory.</summary>
    public ulong CachedPages;

    /// <summary>Of those, changed.</summary>
    public ulong DirtyPages;

    /// <summary>Of those, on their way to the disk.</summary>
    public ulong WritebackPages;

    /// <summary>Dropped.</summary>
    public ulong EvictedPages;

    /// <summary>Dropped so lately that they would be missed.</summary>
    public ulong RecentlyEvictedPages;
}

/// <summary>A part of a file. linux/mman.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CacheStatRange
{
    /// <summary>Where it begins, in bytes.</summary>
    public ulong Offset;

    /// <summary>Bytes; 0 is to the end.</summary>
    public ulong Length;
}
