using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Single mappings of a process, found by the kernel instead of by reading them all. PROCMAP_QUERY, Linux 6.11. Not to be used
/// by two threads at a time.
/// </summary>
public sealed class MappingFinder : IDisposable
{
    private const int LongestName = 4096;
    private const int LongestBuildId = 20;

    private readonly FileFd maps;
    private readonly byte[] name = new byte[LongestName];

    private MappingFinder(FileFd maps) => this.maps = maps;

    /// <summary>Opens a process's. EACCES: no right to trace it.</summary>
    /// <param name="process">Its directory under /proc; stays the caller's.</param>
    public static SysResult<MappingFinder> Open(DirectoryFd process)
    {
        SysResult<FileFd> opened = Files.OpenAt(process, "maps", OpenFlags.O_RDONLY);
        return opened.Ok ? new(new MappingFinder(opened.Value), Errno.None) : new(null!, opened.Errno);
    }

    /// <summary>
    /// The mapping that an address lies in. ENOENT: it lies in none, or in one that was not looked for; ENOTTY: the kernel
    /// is older; ESRCH: the process has ended.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="flags">
    /// What it must be; with PROCMAP_QUERY_COVERING_OR_NEXT_VMA the next one above that is so, if it is not so itself.
    /// </param>
    public SysResult<MemoryMapping> Find(ulong address, MappingQueryFlags flags = MappingQueryFlags.None)
    {
        MappingQuery query = new() { Address = address, Flags = flags };
        Errno errno = Ask(ref query, name, []);
        return errno == Errno.None ? new(Described(query), errno) : new(null!, errno);
    }

    /// <summary>
    /// The id that the linker gave to the program or library at an address; empty where it has none. ENOENT: nothing lies
    /// there.
    /// </summary>
    public SysResult<byte[]> BuildIdAt(ulong address)
    {
        byte[] buildId = new byte[LongestBuildId];
        MappingQuery query = new() { Address = address };
        Errno errno = Ask(ref query, [], buildId);
        return new(errno == Errno.None ? buildId[..(int)query.BuildIdSize] : [], errno);
    }

    /// <inheritdoc />
    public void Dispose() => maps.Dispose();

    private Errno Ask(ref MappingQuery query, Span<byte> nameBuffer, Span<byte> buildIdBuffer)
    {
        using Borrowed descriptor = new(maps);
        return Interop.ErrnoOf(Interop.ioctl(descriptor.Number, ref query, nameBuffer, buildIdBuffer));
    }

    private MemoryMapping Described(in MappingQuery query)
    {
        ProtectionFlags protection =
            (Has(query, MappingQueryFlags.PROCMAP_QUERY_VMA_READABLE) ? ProtectionFlags.PROT_READ : 0)
            | (Has(query, MappingQueryFlags.PROCMAP_QUERY_VMA_WRITABLE) ? ProtectionFlags.PROT_WRITE : 0)
            | (Has(query, MappingQueryFlags.PROCMAP_QUERY_VMA_EXECUTABLE) ? ProtectionFlags.PROT_EXEC : 0);
        return new(
            query.Start,
            query.End,
            protection,
            Has(query, MappingQueryFlags.PROCMAP_QUERY_VMA_SHARED),
            query.Offset,
            new(query.DeviceMajor, query.DeviceMinor),
            query.Inode,
            query.NameSize == 0 ? "" : ProcText.String(name.AsSpan(0, (int)query.NameSize - 1))
        );
    }

    private static bool Has(in MappingQuery query, MappingQueryFlags flag) => (query.MappingFlags & flag) != 0;
}
