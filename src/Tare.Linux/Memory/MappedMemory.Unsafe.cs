using System.Buffers;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// A file in this process's memory, at an address that does not change. Spans of it are valid until it is disposed, which
/// waits for whoever has it pinned; the file must not become shorter than the mapping (SIGBUS): seal it. mmap(2).
/// </summary>
public sealed class MappedMemory : MemoryManager<byte>
{
    private readonly Lock _gate = new();
    private readonly int _length;
    private nint _address;
    private int _pins;
    private bool _over;

    private MappedMemory(nint address, int length)
    {
        _address = address;
        _length = length;
    }

    /// <summary>The address of the first byte; 0 once it is disposed.</summary>
    public nint Address => _over ? 0 : _address;

    /// <summary>The size in bytes.</summary>
    public int Length => _length;

    /// <summary>Maps a file from its begin.</summary>
    /// <param name="file">A regular file or memfd; not needed any more afterwards.</param>
    /// <param name="length">Bytes, of a file of huge pages a multiple of their size.</param>
    /// <param name="protection">What may be done; EACCES or EPERM: the descriptor, or a seal, does not allow it.</param>
    /// <param name="kind">MAP_SHARED: others see what is written, and it goes to the file. MAP_PRIVATE: a copy on write.</param>
    public static SysResult<MappedMemory?> Map(
        FileDescriptor file,
        int length,
        ProtectionFlags protection = ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE,
        MapFlags kind = MapFlags.MAP_SHARED
    )
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.Mmap(0, (nuint)length, (int)protection, (int)kind, descriptor.Number, 0);
        Errno errno = Interop.ErrnoOf(raw);
        return new(errno == Errno.None ? new MappedMemory(raw, length) : null, errno);
    }

    /// <summary>What was mapped otherwise, by shmat(2): munmap(2) detaches that too.</summary>
    internal static MappedMemory Of(nint address, int length) => new(address, length);

    /// <inheritdoc />
    public override unsafe Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_over, this);

        // SAFETY: the mapping has exactly this length and is not unmapped before it is disposed.
        return new Span<byte>((void*)_address, _length);
    }

    /// <inheritdoc />
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_over, this);
            _pins++;
        }

        // SAFETY: within the mapping, which stays until the handle is given back.
        return new MemoryHandle((byte*)_address + elementIndex, default, this);
    }

    /// <inheritdoc />
    public override void Unpin()
    {
        lock (_gate)
        {
            _pins--;
            UnmapIfUnused();
        }
    }

    /// <summary>Unmaps, as soon as nobody has it pinned.</summary>
    public void Dispose() => Dispose(true);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _over = true;
            UnmapIfUnused();
        }
    }

    private void UnmapIfUnused()
    {
        if (_over && _pins == 0 && _address != 0)
        {
            _ = Interop.Munmap(_address, (nuint)_length);
            _address = 0;
        }
    }
}
