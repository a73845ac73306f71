namespace Tare.Linux.Abi;

/// <summary>What a page of the machine's memory is used for. linux/kernel-page-flags.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in Documentation/admin-guide/mm/pagemap
public enum FrameFlags : ulong
{
    None = 0,
    KPF_LOCKED = 1UL << 0,
    KPF_REFERENCED = 1UL << 2,
    KPF_UPTODATE = 1UL << 3,
    KPF_DIRTY = 1UL << 4,
    KPF_LRU = 1UL << 5,
    KPF_ACTIVE = 1UL << 6,
    KPF_SLAB = 1UL << 7,
    KPF_WRITEBACK = 1UL << 8,
    KPF_RECLAIM = 1UL << 9,
    KPF_BUDDY = 1UL << 10,
    KPF_MMAP = 1UL << 11,
    KPF_ANON = 1UL << 12,
    KPF_SWAPCACHE = 1UL << 13,
    KPF_SWAPBACKED = 1UL << 14,
    KPF_COMPOUND_HEAD = 1UL << 15,
    KPF_COMPOUND_TAIL = 1UL << 16,
    KPF_HUGE = 1UL << 17,
    KPF_UNEVICTABLE = 1UL << 18,
    KPF_HWPOISON = 1UL << 19,
    KPF_NOPAGE = 1UL << 20,
    KPF_KSM = 1UL << 21,
    KPF_THP = 1UL << 22,
    KPF_OFFLINE = 1UL << 23,
    KPF_ZERO_PAGE = 1UL << 24,
    KPF_IDLE = 1UL << 25,
    KPF_PGTABLE = 1UL << 26,
}
