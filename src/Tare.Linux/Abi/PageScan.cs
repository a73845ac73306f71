using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What PAGEMAP_SCAN is told: struct pm_scan_arg. linux/fs.h, Linux 6.7.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PageScan
{
    /// <summary>The size of this struct in bytes.</summary>
    public ulong Size;

    /// <summary>1: what matches is protected against writing; 2: fail where userfaultfd does not watch it so.</summary>
    public ulong Flags;

    /// <summary>The first address.</summary>
    public ulong Start;

    /// <summary>The address behind the last.</summary>
    public ulong End;

    /// <summary>How far the kernel came.</summary>
    public ulong WalkEnd;

    /// <summary>Where regions are written.</summary>
    public ulong Regions;

    /// <summary>How many fit there.</summary>
    public ulong RegionCount;

    /// <summary>How many pages at most; 0 is all.</summary>
    public ulong MaximumPages;

    /// <summary>The categories that are looked for by their absence.</summary>
    public PageCategories Inverted;

    /// <summary>A page must be of all of these.</summary>
    public PageCategories All;

    /// <summary>A page must be of one of these.</summary>
    public PageCategories Any;

    /// <summary>What is told.</summary>
    public PageCategories Told;
}

/// <summary>A run of pages alike: struct page_region. linux/fs.h.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="Categories">What they are, of what was asked for.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PageRegion(ulong Start, ulong End, PageCategories Categories);

/// <summary>What pages PAGEMAP_SCAN tells apart. linux/fs.h, Linux 6.7.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PageCategories : ulong
{
    None = 0,
    PAGE_IS_WPALLOWED = 0x1,
    PAGE_IS_WRITTEN = 0x2,
    PAGE_IS_FILE = 0x4,
    PAGE_IS_PRESENT = 0x8,
    PAGE_IS_SWAPPED = 0x10,
    PAGE_IS_PFNZERO = 0x20,
    PAGE_IS_HUGE = 0x40,
    PAGE_IS_SOFT_DIRTY = 0x80,
    PAGE_IS_GUARD = 0x100,
}
