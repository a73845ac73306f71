using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What PROCMAP_QUERY is asked and answers: struct procmap_query. linux/fs.h, Linux 6.11.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MappingQuery
{
    /// <summary>The size of this struct in bytes.</summary>
    public ulong Size;

    /// <summary>What is looked for.</summary>
    public MappingQueryFlags Flags;

    /// <summary>The address that is asked about.</summary>
    public ulong Address;

    /// <summary>The first address.</summary>
    public ulong Start;

    /// <summary>The address behind the last.</summary>
    public ulong End;

    /// <summary>What may be done there.</summary>
    public MappingQueryFlags MappingFlags;

    /// <summary>The size of a page in bytes.</summary>
    public ulong PageSize;

    /// <summary>Where in the file it begins, in bytes.</summary>
    public ulong Offset;

    /// <summary>The file; 0 is none.</summary>
    public ulong Inode;

    /// <summary>Where the file lies.</summary>
    public uint DeviceMajor;

    /// <summary>Where the file lies.</summary>
    public uint DeviceMinor;

    /// <summary>How long the name is with its zero; before, how long it may be.</summary>
    public uint NameSize;

    /// <summary>The same of the build id.</summary>
    public uint BuildIdSize;

    /// <summary>Where the name is written.</summary>
    public ulong NameAddress;

    /// <summary>Where the build id is written.</summary>
    public ulong BuildIdAddress;
}

/// <summary>What mapping PROCMAP_QUERY looks for, and what it found. linux/fs.h, Linux 6.11.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum MappingQueryFlags : ulong
{
    None = 0,
    PROCMAP_QUERY_VMA_READABLE = 0x1,
    PROCMAP_QUERY_VMA_WRITABLE = 0x2,
    PROCMAP_QUERY_VMA_EXECUTABLE = 0x4,
    PROCMAP_QUERY_VMA_SHARED = 0x8,
    PROCMAP_QUERY_COVERING_OR_NEXT_VMA = 0x10,
    PROCMAP_QUERY_FILE_BACKED_VMA = 0x20,
}
