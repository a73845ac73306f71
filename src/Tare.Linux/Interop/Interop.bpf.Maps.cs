using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>bpf(2), BPF_MAP_CREATE: the map's descriptor, close-on-exec.</summary>
    internal static unsafe nint bpf_map_create(BpfMapCreate attributes)
    {
        const int MapCreate = 0;

        // SAFETY: the struct lies on the stack and is read during the call only.
        return Call(Syscall.bpf, MapCreate, (nint)(&attributes), sizeof(BpfMapCreate));
    }

    /// <summary>bpf(2), one of BPF_MAP_*_ELEM; callers see to the sizes of key and value.</summary>
    internal static unsafe nint bpf_map_element(
        int command,
        int map,
        ReadOnlySpan<byte> key,
        Span<byte> value,
        ulong flags = 0
    )
    {
        // SAFETY: both are pinned during the call, and as long as the map's keys and values.
        fixed (byte* from = key)
        fixed (byte* content = value)
        {
            BpfMapElement attributes = new()
            {
                Map = map,
                Key = (ulong)from,
                Value = (ulong)content,
                Flags = flags,
            };
            return Call(Syscall.bpf, command, (nint)(&attributes), sizeof(BpfMapElement));
        }
    }
}
