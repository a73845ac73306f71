namespace Tare.Linux.Abi;

/// <summary>How a BPF map keeps its values. linux/bpf.h, <c>enum bpf_map_type</c>.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in its documentation
public enum BpfMapType : uint
{
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_LRU_HASH = 9,
    BPF_MAP_TYPE_LPM_TRIE = 11,
    BPF_MAP_TYPE_RINGBUF = 27,
}

/// <summary>What an update of a map may do. linux/bpf.h.</summary>
public enum BpfUpdateFlags : ulong
{
    BPF_ANY = 0,
    BPF_NOEXIST = 1,
    BPF_EXIST = 2,
}
#pragma warning restore CS1591
