using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Zeroed pages of this process's own, outside the garbage collector's heap, at an address that does not change.
/// mmap(2) with MAP_PRIVATE and MAP_ANONYMOUS. Unmapped when disposed; whoever still runs in them must have ended.
/// </summary>
public sealed class AnonymousMemory : IDisposable
{
    private readonly int length;
    private nint address;

    private AnonymousMemory(nint address, int length)
    {
        this.address = address;
        this.length = length;
    }

    /// <summary>The size of a page in bytes.</summary>
    public static int PageSize => Environment.SystemPageSize;

    /// <summary>The address of the first byte.</summary>
    public nint Address => address;

    /// <summary>The size in bytes, whole pages.</summary>
    public int Length => length;

    /// <summary>Pages that can be read and written.</summary>
    /// <param name="length">Bytes; rounded up to whole pages.</param>
    public static SysResult<AnonymousMemory?> Map(int length)
    {
        int whole = (length + PageSize - 1) & -PageSize;
        nint raw = Interop.Mmap(
            0,
            (nuint)whole,
            (int)(ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE),
            (int)(MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS | MapFlags.MAP_POPULATE),
            -1,
            0
        );
        Errno errno = Interop.ErrnoOf(raw);
        return new(errno == Errno.None ? new AnonymousMemory(raw, whole) : null, errno);
    }

    /// <summary>Changes what may be done with some of the pages. mprotect(2).</summary>
    /// <param name="offset">Bytes from the start, a multiple of the page size.</param>
    /// <param name="count">Bytes.</param>
    /// <param name="protection">What may be done from now on.</param>
    public SysResult Protect(int offset, int count, ProtectionFlags protection)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset + (uint)count, (uint)length);
        return Interop.Result(Interop.Mprotect(address + offset, (nuint)count, (int)protection));
    }

    /// <summary>The bytes. Valid until the memory is disposed.</summary>
    public unsafe Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(address == 0, this);

            // SAFETY: the mapping has exactly this length and lives until Dispose sets the address to zero.
            return new Span<byte>((void*)address, length);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (address != 0)
        {
            _ = Interop.Munmap(address, (nuint)length);
            address = 0;
        }
    }
}
