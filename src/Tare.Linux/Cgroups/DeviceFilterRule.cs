namespace Tare.Linux;

/// <summary>A rule about devices: who it is about, and what they may do with it. linux/bpf.h, bpf_cgroup_dev_ctx.</summary>
/// <param name="Allow">It may be done; else not.</param>
/// <param name="Kind">Which kind of device.</param>
/// <param name="Major">The major number; null is any.</param>
/// <param name="Minor">The minor number; null is any.</param>
/// <param name="Access">What is done.</param>
public sealed record DeviceFilterRule(
    bool Allow,
    DeviceKind Kind,
    uint? Major = null,
    uint? Minor = null,
    DeviceAccess Access = DeviceAccess.All
);

/// <summary>Kinds of devices. BPF_DEVCG_DEV_*.</summary>
public enum DeviceKind
{
    /// <summary>Both.</summary>
    Any = 0,

    /// <summary>Block devices.</summary>
    Block = 1,

    /// <summary>Character devices.</summary>
    Character = 2,
}

/// <summary>What is done with a device. BPF_DEVCG_ACC_*.</summary>
[Flags]
public enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A node is made, by mknod(2).</summary>
    MakeNode = 1,

    /// <summary>It is opened for reading.</summary>
    Read = 2,

    /// <summary>It is opened for writing.</summary>
    Write = 4,

    /// <summary>All of these.</summary>
    All = 7,
}
