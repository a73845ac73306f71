namespace Tare.Linux.Abi;

/// <summary>What a BPF program decides about or looks at. linux/bpf.h, <c>enum bpf_prog_type</c>.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in its documentation
public enum BpfProgramType : uint
{
    BPF_PROG_TYPE_TRACEPOINT = 5,
    BPF_PROG_TYPE_CGROUP_SKB = 8,
    BPF_PROG_TYPE_CGROUP_SOCK = 9,
    BPF_PROG_TYPE_CGROUP_DEVICE = 15,
    BPF_PROG_TYPE_RAW_TRACEPOINT = 17,
    BPF_PROG_TYPE_CGROUP_SOCK_ADDR = 18,
    BPF_PROG_TYPE_CGROUP_SYSCTL = 23,
    BPF_PROG_TYPE_CGROUP_SOCKOPT = 25,
}

/// <summary>Where a BPF program is attached to a cgroup. linux/bpf.h, <c>enum bpf_attach_type</c>.</summary>
public enum BpfAttachType : uint
{
    BPF_CGROUP_INET_INGRESS = 0,
    BPF_CGROUP_INET_EGRESS = 1,
    BPF_CGROUP_INET_SOCK_CREATE = 2,
    BPF_CGROUP_DEVICE = 6,
    BPF_CGROUP_INET4_BIND = 8,
    BPF_CGROUP_INET6_BIND = 9,
    BPF_CGROUP_INET4_CONNECT = 10,
    BPF_CGROUP_INET6_CONNECT = 11,
    BPF_CGROUP_UDP4_SENDMSG = 14,
    BPF_CGROUP_UDP6_SENDMSG = 15,
    BPF_CGROUP_SYSCTL = 18,
    BPF_CGROUP_GETSOCKOPT = 21,
    BPF_CGROUP_SETSOCKOPT = 22,
}
#pragma warning restore CS1591

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
