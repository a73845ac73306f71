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

    /// <summary>Written since clear_refs was last told so. CONFIG_MEM_SOFT_DIRTY; else always true or always false.</summary>
    public bool IsSoftDirty => (Bits & (1UL << 55)) != 0;

    /// <summary>Which page of the machine's memory; 0 without CAP_SYS_ADMIN.</summary>
    public ulong Frame => IsPresent ? Bits & ((1UL << 55) - 1) : 0;
}

/// <summary>The pages of a process.</summary>
public static class PageMap
{
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
}
