namespace Tare.Oci;

/// <summary>What only Linux has. config-linux.md.</summary>
public sealed record LinuxSpec
{
    /// <summary>The namespaces that are made or joined; of a kind that is not named the runtime's own is used.</summary>
    public IReadOnlyList<NamespaceSpec> Namespaces { get; init; } = [];

    /// <summary>The user ids of the container's user namespace.</summary>
    public IReadOnlyList<IdMapping> UidMappings { get; init; } = [];

    /// <summary>The group ids of the container's user namespace.</summary>
    public IReadOnlyList<IdMapping> GidMappings { get; init; } = [];

    /// <summary>Device files to be made beyond the default ones.</summary>
    public IReadOnlyList<DeviceSpec> Devices { get; init; } = [];

    /// <summary>Network devices of the host that are moved into the container's network namespace.</summary>
    public IReadOnlyList<NetDeviceSpec> NetDevices { get; init; } = [];

    /// <summary>Its share of caches and memory bandwidth; null leaves resctrl alone.</summary>
    public IntelRdtSpec? IntelRdt { get; init; }

    /// <summary>Where the container's cgroup is: absolute from the cgroup mount, else from a base that the runtime chooses.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>The cgroup's limits.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>Kernel parameters of the container's namespaces: name as sysctl(8) has it, value as text.</summary>
    public IReadOnlyDictionary<string, string> Sysctl { get; init; } = NoText.Map;

    /// <summary>Absolute paths in the container that are made unreadable.</summary>
    public IReadOnlyList<string> MaskedPaths { get; init; } = [];

    /// <summary>Absolute paths in the container that are made read-only.</summary>
    public IReadOnlyList<string> ReadonlyPaths { get; init; } = [];

    /// <summary>The execution domain; null leaves it.</summary>
    public PersonalitySpec? Personality { get; init; }

    /// <summary>On which memory nodes the program's memory lies; null leaves it.</summary>
    public MemoryPolicySpec? MemoryPolicy { get; init; }

    /// <summary>The clocks of a new time namespace.</summary>
    public IReadOnlyList<TimeOffsetSpec> TimeOffsets { get; init; } = [];

    /// <summary>Which system calls may be made; null is all.</summary>
    public SeccompSpec? Seccomp { get; init; }

    /// <summary>The SELinux context of everything in the file systems that are mounted; null leaves it to the policy.</summary>
    public string? MountLabel { get; init; }

    /// <summary>The propagation of the root mount: <c>shared</c>, <c>slave</c>, <c>private</c>, <c>unbindable</c>.</summary>
    public string? RootfsPropagation { get; init; }
}
