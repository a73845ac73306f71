using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What of a page the kernel tells. /proc/PID/pagemap, proc_pid_pagemap(5).</summary>
/// <param name="Bits">The word.</param>
public readonly record struct PageEntry(ulong Bits)
{
    /// <summary>In memory.</summary>
    public bool IsPresent => (Bits & (1UL << 63)) != 0;

    /// <summary>Swapped out.</summary>
    public bool IsSwapped => (Bits & (1UL << 62)) != 0;

    /// <summary>Of a file, or of shared memory.</summary>
    public bool IsFileOrShared => (Bits & (1UL << 61)) != 0;

    /// <summary>Only this process has it mapped.</summary>
    public bool IsExclusive => (Bits & (1UL << 56)) != 0;

    /// <summary>Written since <see cref="PageMap.Clear"/> was last told to forget that; never true where that says EOPNOTSUPP.</summary>
    public bool IsSoftDirty => (Bits & (1UL << 55)) != 0;

    /// <summary>Which page of the machine's memory; 0 without CAP_SYS_ADMIN.</summary>
    public ulong Frame => IsPresent ? Bits & ((1UL << 55) - 1) : 0;
}

/// <summary>The pages of a process.</summary>
public static class PageMap
{
    // PM_SCAN_WP_MATCHING, PM_SCAN_CHECK_WPASYNC
    private const ulong ForgetWritten = 3;

    private static readonly Lazy<bool> RemembersWritten = new(FindOut);

    /// <summary>Reads a word for each page. EACCES or EPERM: no right to trace it.</summary>
    /// <param name="process">The process's directory.</param>
    /// <param name="address">Where it begins.</param>
    /// <param name="pages">How many pages.</param>
    public static SysResult<PageEntry[]> Read(DirectoryFd process, ulong address, int pages)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pages);
        SysResult<FileFd> opened = Files.OpenAt(process, "pagemap", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using FileFd file = opened.Value;
        byte[] bytes = new byte[pages * 8];
        long place = (long)(address / (ulong)AnonymousMemory.PageSize * 8);
        SysResult<int> read = Files.ReadAt(file, bytes, place);
        PageEntry[] entries = new PageEntry[read.Value / 8];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8)));
        }

        return new(read.Ok ? entries : [], read.Errno);
    }

    /// <summary>
    /// Runs of pages that are alike, found by the kernel. ENOTTY: it is older than Linux 6.7; EACCES: no right to trace it.
    /// PAGEMAP_SCAN.
    /// </summary>
    /// <param name="process">The process's directory.</param>
    /// <param name="start">The first address, at a page's begin.</param>
    /// <param name="end">The address behind the last.</param>
    /// <param name="any">A page must be of one of these categories; none is any page of any.</param>
    /// <param name="all">And of all of these.</param>
    /// <param name="told">The categories that are told, and tell regions apart.</param>
    /// <param name="forgetWritten">
    /// Pages that match count as not written (PAGE_IS_WRITTEN) from then on. EPERM: they are not registered with a userfaultfd
    /// of UFFD_FEATURE_WP_ASYNC. PM_SCAN_WP_MATCHING.
    /// </param>
    public static SysResult<IReadOnlyList<PageRegion>> Scan(
        DirectoryFd process,
        ulong start,
        ulong end,
        PageCategories any,
        PageCategories all,
        PageCategories told,
        bool forgetWritten = false
    )
    {
        SysResult<FileFd> opened = Files.OpenAt(process, "pagemap", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return new([], opened.Errno);
        }

        using FileFd file = opened.Value;
        using Borrowed descriptor = new(file);
        List<PageRegion> found = [];
        Span<PageRegion> buffer = stackalloc PageRegion[128];
        while (start < end)
        {
            PageScan scan = new()
            {
                Flags = forgetWritten ? ForgetWritten : 0,
                Start = start,
                End = end,
                All = all,
                Any = any,
                Told = told,
            };
            nint raw = Interop.ioctl(descriptor.Number, ref scan, buffer);
            if (Interop.Interrupted(raw))
            {
                continue;
            }

            if (raw < 0)
            {
                return new([], Interop.ErrnoOf(raw));
            }

            found.AddRange(buffer[..(int)raw]);
            start = scan.WalkEnd;
        }

        return new(found, Errno.None);
    }

    /// <summary>
    /// Has the kernel forget what was used or written until now, so that it can be asked again after a while. EACCES: no right;
    /// EOPNOTSUPP: a kernel without CONFIG_MEM_SOFT_DIRTY, as all for arm64 are, does not remember which pages were written (it
    /// would take the order and tell nothing: <see cref="Scan"/> can). /proc/PID/clear_refs.
    /// </summary>
    public static SysResult Clear(DirectoryFd process, ReferenceReset what) =>
        what == ReferenceReset.SoftDirty && !RemembersWritten.Value
            ? new(Errno.EOPNOTSUPP)
            : Files.WriteValueAt(process, "clear_refs", [(byte)('0' + (int)what)]);

    /// <summary>What a page of the machine's memory is used for. As root. EACCES: not; EINVAL: no such page. /proc/kpageflags.</summary>
    /// <param name="frame">Which: <see cref="PageEntry.Frame"/>.</param>
    public static SysResult<FrameFlags> FlagsOf(ulong frame)
    {
        SysResult<ulong> word = Word("/proc/kpageflags", frame);
        return new((FrameFlags)word.Value, word.Errno);
    }

    /// <summary>How often a page of the machine's memory is mapped. As root. /proc/kpagecount.</summary>
    /// <param name="frame">Which: <see cref="PageEntry.Frame"/>.</param>
    public static SysResult<ulong> MappedTimes(ulong frame) => Word("/proc/kpagecount", frame);

    // All of a mapping that was just made counts as written. Where that cannot be seen nothing is denied.
    private static bool FindOut()
    {
        using AnonymousMemory? page = AnonymousMemory.Map(1).Value;
        SysResult<DirectoryFd> opened = ProcDirectory.Open(Environment.ProcessId);
        if (page is null || !opened.Ok)
        {
            return true;
        }

        using DirectoryFd own = opened.Value;
        SysResult<PageEntry[]> read = Read(own, (ulong)page.Address, 1);
        return !read.Ok || read.Value.Length == 0 || read.Value[0].IsSoftDirty;
    }

    private static SysResult<ulong> Word(BytePath path, ulong frame)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return new(0, opened.Errno);
        }

        using FileFd file = opened.Value;
        Span<byte> word = stackalloc byte[8];
        SysResult<int> read = Files.ReadAt(file, word, (long)frame * 8);
        return read.Ok && read.Value < word.Length
            ? new(0, Errno.EINVAL)
            : new(BinaryPrimitives.ReadUInt64LittleEndian(word), read.Errno);
    }
}
