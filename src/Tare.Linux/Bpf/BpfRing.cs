using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// What programs in the kernel have to tell, in the order in which they did: a ring buffer, readable by poll(2) when something has
/// come. What does not fit is lost, which the program finds out. For one reader at a time. Linux 5.8.
/// </summary>
public sealed class BpfRing : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const int HeaderSize = 8;

    private readonly int size;
    private readonly MappedMemory taken;
    private readonly MappedMemory told;

    private BpfRing(BpfMapFd map, int size, MappedMemory taken, MappedMemory told) =>
        (Map, this.size, this.taken, this.told) = (map, size, taken, told);

    /// <summary>The map, for programs and to be waited for. Stays this object's.</summary>
    public BpfMapFd Map { get; }

    /// <summary>Makes one. EPERM: CAP_BPF is needed; EINVAL: before Linux 5.8.</summary>
    /// <param name="size">In bytes, a power of 2 and whole pages.</param>
    public static SysResult<BpfRing?> Create(int size)
    {
        if (size < AnonymousMemory.PageSize || (size & (size - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "it is no power of 2, or less than a page");
        }

        SysResult<BpfMapFd> made = BpfMaps.Create(BpfMapType.BPF_MAP_TYPE_RINGBUF, 0, 0, size);
        if (!made.Ok)
        {
            return new(null, made.Errno);
        }

        // A page that the reader writes, a page that the kernel does, and the data, twice, so that nothing is cut in two.
        int page = AnonymousMemory.PageSize;
        SysResult<nint> reading = OwnMappings.Map(
            made.Value,
            (nuint)page,
            ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE,
            MapFlags.MAP_SHARED
        );
        SysResult<nint> writing = reading.Ok
            ? OwnMappings.Map(
                made.Value,
                (nuint)(page + (2 * size)),
                ProtectionFlags.PROT_READ,
                MapFlags.MAP_SHARED,
                offset: page
            )
            : reading;
        if (!writing.Ok)
        {
            if (reading.Ok)
            {
                OwnMappings.Unmap(reading.Value, (nuint)page);
            }

            made.Value.Dispose();
            return new(null, writing.Errno);
        }

        return new(
            new BpfRing(
                made.Value,
                size,
                MappedMemory.Of(reading.Value, page),
                MappedMemory.Of(writing.Value, page + (2 * size))
            ),
            Errno.None
        );
    }

    /// <summary>Takes the oldest record; null where none has come.</summary>
    public byte[]? Take()
    {
        ref ulong position = ref MemoryMarshal.AsRef<ulong>(taken.GetSpan()[..sizeof(ulong)]);
        Span<byte> shared = told.GetSpan();
        while (true)
        {
            ulong begin = Volatile.Read(ref position);
            if (begin >= Volatile.Read(ref MemoryMarshal.AsRef<ulong>(shared[..sizeof(ulong)])))
            {
                return null;
            }

            int at = AnonymousMemory.PageSize + (int)(begin & (ulong)(size - 1));
            uint header = Volatile.Read(ref MemoryMarshal.AsRef<uint>(shared.Slice(at, sizeof(uint))));
            if ((header & Busy) != 0)
            {
                return null;
            }

            int length = (int)(header & ~(Busy | Discarded));
            byte[]? record = (header & Discarded) == 0 ? shared.Slice(at + HeaderSize, length).ToArray() : null;
            Volatile.Write(ref position, begin + (ulong)((HeaderSize + length + 7) & ~7));
            if (record is not null)
            {
                return record;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        taken.Dispose();
        told.Dispose();
        Map.Dispose();
    }
}
