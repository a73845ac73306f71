namespace Tare.Linux.Abi;

/// <summary>What a BPF program decides about. linux/bpf.h, <c>enum bpf_prog_type</c>.</summary>
public enum BpfProgramType : uint
{
    /// <summary>The use of devices by the processes of a cgroup (Linux 4.15).</summary>
    BPF_PROG_TYPE_CGROUP_DEVICE = 15,
}

/// <summary>Where a BPF program is attached. linux/bpf.h, <c>enum bpf_attach_type</c>.</summary>
public enum BpfAttachType : uint
{
    /// <summary>At a cgroup, for devices.</summary>
    BPF_CGROUP_DEVICE = 6,
}

/// <summary>How programs at the same place get along. linux/bpf.h.</summary>
[Flags]
public enum BpfAttachFlags : uint
{
    /// <summary>No other program may be attached below.</summary>
    None = 0,

    /// <summary>Programs below may replace this one.</summary>
    BPF_F_ALLOW_OVERRIDE = 1,

    /// <summary>Programs here and below all have to agree.</summary>
    BPF_F_ALLOW_MULTI = 2,
}
