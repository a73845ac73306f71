using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>Which faults userfaultfd(2) tells of. linux/userfaultfd.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum UserFaultModes : ulong
{
    None = 0,
    UFFDIO_REGISTER_MODE_MISSING = 0x1,
    UFFDIO_REGISTER_MODE_WP = 0x2,
    UFFDIO_REGISTER_MODE_MINOR = 0x4,
}

/// <summary>Of which kind a fault is. linux/userfaultfd.h.</summary>
[Flags]
public enum UserFaultFlags : ulong
{
    None = 0,
    UFFD_PAGEFAULT_FLAG_WRITE = 0x1,
    UFFD_PAGEFAULT_FLAG_WP = 0x2,
    UFFD_PAGEFAULT_FLAG_MINOR = 0x4,
}

/// <summary>What a userfaultfd can do besides. linux/userfaultfd.h.</summary>
[Flags]
public enum UserFaultFeatures : ulong
{
    None = 0,
    UFFD_FEATURE_PAGEFAULT_FLAG_WP = 0x1,
    UFFD_FEATURE_EVENT_FORK = 0x2,
    UFFD_FEATURE_EVENT_REMAP = 0x4,
    UFFD_FEATURE_EVENT_REMOVE = 0x8,
    UFFD_FEATURE_MISSING_HUGETLBFS = 0x10,
    UFFD_FEATURE_MISSING_SHMEM = 0x20,
    UFFD_FEATURE_EVENT_UNMAP = 0x40,
    UFFD_FEATURE_SIGBUS = 0x80,
    UFFD_FEATURE_THREAD_ID = 0x100,
    UFFD_FEATURE_MINOR_HUGETLBFS = 0x200,
    UFFD_FEATURE_MINOR_SHMEM = 0x400,
    UFFD_FEATURE_EXACT_ADDRESS = 0x800,
    UFFD_FEATURE_WP_HUGETLBFS_SHMEM = 0x1000,
    UFFD_FEATURE_WP_UNPOPULATED = 0x2000,
    UFFD_FEATURE_POISON = 0x4000,
    UFFD_FEATURE_WP_ASYNC = 0x8000,
    UFFD_FEATURE_MOVE = 0x10000,
}
#pragma warning restore CS1591

/// <summary>UFFDIO_API: struct uffdio_api.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserFaultApi
{
    /// <summary>0xAA.</summary>
    public ulong Api;

    /// <summary>Wanted, then there.</summary>
    public UserFaultFeatures Features;

    /// <summary>Requests that are there.</summary>
    public ulong Requests;
}

/// <summary>A range: struct uffdio_range.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserFaultRange
{
    /// <summary>Where it begins.</summary>
    public ulong Start;

    /// <summary>Bytes.</summary>
    public ulong Length;
}

/// <summary>
/// UFFDIO_REGISTER, UFFDIO_ZEROPAGE, UFFDIO_CONTINUE: structs uffdio_register, uffdio_zeropage, uffdio_continue, which are
/// alike.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserFaultRangeRequest
{
    /// <summary>The range.</summary>
    public UserFaultRange Range;

    /// <summary>How.</summary>
    public ulong Mode;

    /// <summary>Requests that are there, or bytes done.</summary>
    public long Answer;
}

/// <summary>UFFDIO_WRITEPROTECT: struct uffdio_writeprotect.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserFaultProtection
{
    /// <summary>The range.</summary>
    public UserFaultRange Range;

    /// <summary>1 forbids writing.</summary>
    public ulong Mode;
}

/// <summary>UFFDIO_COPY and UFFDIO_MOVE: structs uffdio_copy and uffdio_move, which are alike.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UserFaultCopy
{
    /// <summary>Where to.</summary>
    public ulong Destination;

    /// <summary>Where from.</summary>
    public ulong Source;

    /// <summary>Bytes.</summary>
    public ulong Length;

    /// <summary>How.</summary>
    public ulong Mode;

    /// <summary>Bytes done.</summary>
    public long Answer;
}
