using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Values that programs in the kernel and this process share, by keys. The caller knows how long both are. bpf(2).
/// </summary>
public static class BpfMaps
{
    private const int Lookup = 1;
    private const int Change = 2;
    private const int Delete = 3;
    private const int Following = 4;

    /// <summary>Makes a map. EPERM: CAP_BPF is needed; EINVAL: it cannot be so; E2BIG, ENOMEM.</summary>
    /// <param name="type">How values are kept.</param>
    /// <param name="keySize">How long keys are, in bytes: 4 of arrays, 0 of ring buffers.</param>
    /// <param name="valueSize">How long values are, in bytes: 0 of ring buffers.</param>
    /// <param name="entries">How many there may be; of a ring buffer its size in bytes, a power of 2 and whole pages.</param>
    public static SysResult<BpfMapFd> Create(BpfMapType type, int keySize, int valueSize, int entries)
    {
        const uint Unallocated = 1; // BPF_F_NO_PREALLOC, which tries must have
        nint raw = Interop.bpf_map_create(
            new()
            {
                Type = type,
                KeySize = (uint)keySize,
                ValueSize = (uint)valueSize,
                Entries = (uint)entries,
                Flags = type == BpfMapType.BPF_MAP_TYPE_LPM_TRIE ? Unallocated : 0,
            }
        );
        return raw < 0 ? Interop.Failed<BpfMapFd>(raw) : new(new BpfMapFd((int)raw), Errno.None);
    }

    /// <summary>Reads a value. ENOENT: there is none.</summary>
    public static SysResult Read(BpfMapFd map, ReadOnlySpan<byte> key, Span<byte> value) => Do(Lookup, map, key, value);

    /// <summary>Sets a value. EEXIST, ENOENT: it is, or is not, there; E2BIG: there are as many as there may be.</summary>
    public static SysResult Write(
        BpfMapFd map,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        BpfUpdateFlags flags = BpfUpdateFlags.BPF_ANY
    ) => Do(Change, map, key, value.ToArray(), (ulong)flags);

    /// <summary>Removes a value. ENOENT: there is none; EINVAL: arrays keep theirs.</summary>
    public static SysResult Remove(BpfMapFd map, ReadOnlySpan<byte> key) => Do(Delete, map, key, default);

    /// <summary>The key after another; after none the first. ENOENT: there is none.</summary>
    public static SysResult Next(BpfMapFd map, ReadOnlySpan<byte> key, Span<byte> next) =>
        Do(Following, map, key, next);

    private static SysResult Do(int command, BpfMapFd map, ReadOnlySpan<byte> key, Span<byte> value, ulong flags = 0)
    {
        using Borrowed descriptor = new(map);
        return Interop.Result(Interop.bpf_map_element(command, descriptor.Number, key, value, flags));
    }
}
