using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>
/// A container's configuration of which every property has been checked, and that only <see cref="SpecValidator"/> makes.
/// Paths are absolute, names have become the kernel's numbers, options are sorted by the call that takes them.
/// </summary>
public sealed record ValidatedSpec
{
    internal ValidatedSpec() { }

    /// <summary>The document that it was made from.</summary>
    public required RuntimeSpec Document { get; init; }

    /// <summary>The bundle's absolute path.</summary>
    public required string Bundle { get; init; }

    /// <summary>The root file system.</summary>
    public required ValidatedRoot Root { get; init; }

    /// <summary>The namespaces to make and to join.</summary>
    public required ValidatedNamespaces Namespaces { get; init; }

    /// <summary>The program.</summary>
    public required ValidatedProcess Process { get; init; }

    /// <summary>The host name, or null to leave it.</summary>
    public string? Hostname { get; init; }

    /// <summary>The NIS domain name, or null to leave it.</summary>
    public string? Domainname { get; init; }

    /// <summary>The mounts in order.</summary>
    public ImmutableArray<ValidatedMount> Mounts { get; init; } = [];

    /// <summary>Device files beyond the default ones.</summary>
    public ImmutableArray<ValidatedDevice> Devices { get; init; } = [];

    /// <summary>Network devices of the host that are moved into the container's network namespace.</summary>
    public ImmutableArray<ValidatedNetDevice> NetDevices { get; init; } = [];

    /// <summary>Kernel parameters.</summary>
    public ImmutableArray<ValidatedSysctl> Sysctls { get; init; } = [];

    /// <summary>The SELinux context of the file systems that are mounted, or null.</summary>
    public string? MountLabel { get; init; }

    /// <summary>Paths to make unreadable.</summary>
    public ImmutableArray<ContainerPath> MaskedPaths { get; init; } = [];

    /// <summary>Paths to make read-only.</summary>
    public ImmutableArray<ContainerPath> ReadonlyPaths { get; init; } = [];

    /// <summary>The lines of uid_map; empty without a new user namespace.</summary>
    public ImmutableArray<IdMapping> UidMappings { get; init; } = [];

    /// <summary>The lines of gid_map; empty without a new user namespace.</summary>
    public ImmutableArray<IdMapping> GidMappings { get; init; } = [];

    /// <summary>The execution domain for personality(2), or null to leave it.</summary>
    public uint? Personality { get; init; }

    /// <summary>On which memory nodes its memory lies, or null to leave it.</summary>
    public ValidatedMemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>What is written to timens_offsets of a new time namespace; null leaves its clocks as they are.</summary>
    public string? TimeOffsets { get; init; }

    /// <summary>Where the cgroup is to be, as the document has it; null leaves it to the runtime.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>The cgroup's limits.</summary>
    public ResourcesSpec Resources { get; init; } = new();

    /// <summary>Its share of caches and memory bandwidth; null leaves resctrl alone.</summary>
    public IntelRdtSpec? IntelRdt { get; init; }

    /// <summary>Which system calls may be made; null is all.</summary>
    public SeccompSpec? Seccomp { get; init; }

    /// <summary>The programs that are run at points of the container's life.</summary>
    public ValidatedHooks Hooks { get; init; } = ValidatedHooks.None;

    /// <summary>What was asked for and has no effect, a sentence each. Whoever acts on the specification says it.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>The root file system.</summary>
/// <param name="Path">The directory's absolute path; empty where the root is given otherwise.</param>
/// <param name="IsReadOnly">Whether its mount becomes read-only.</param>
/// <param name="Propagation">The propagation asked for, with MS_REC where it is recursive; none leaves it a slave.</param>
public sealed record ValidatedRoot(string Path, bool IsReadOnly, MountFlags Propagation);

/// <summary>The namespaces to make and to join.</summary>
/// <param name="New">Those to make.</param>
/// <param name="Joined">Those to join, in the document's order.</param>
public sealed record ValidatedNamespaces(CloneFlags New, ImmutableArray<JoinedNamespace> Joined)
{
    /// <summary>Every kind that is not the runtime's own.</summary>
    public CloneFlags All { get; } = Union(New, Joined);

    /// <summary>The mount namespace is not the container's alone: the runtime's, or one that is joined.</summary>
    public bool SharesMounts => !Makes(CloneFlags.CLONE_NEWNS);

    /// <summary>A namespace of this kind is made.</summary>
    public bool Makes(CloneFlags kind) => (New & kind) != 0;

    /// <summary>A namespace of this kind is made or joined.</summary>
    public bool Has(CloneFlags kind) => (All & kind) != 0;

    /// <summary>A namespace of this kind is joined.</summary>
    public bool Joins(CloneFlags kind) => Has(kind) && !Makes(kind);

    private static CloneFlags Union(CloneFlags made, ImmutableArray<JoinedNamespace> joined)
    {
        foreach (JoinedNamespace ns in joined)
        {
            made |= ns.Kind;
        }

        return made;
    }
}

/// <summary>A namespace to join.</summary>
/// <param name="Kind">Its kind: one flag.</param>
/// <param name="Path">Its file's absolute path.</param>
public sealed record JoinedNamespace(CloneFlags Kind, string Path);

/// <summary>A kernel parameter.</summary>
/// <param name="Key">Its name as the document has it.</param>
/// <param name="Path">Its path below /proc/sys.</param>
/// <param name="Value">What is written.</param>
public sealed record ValidatedSysctl(string Key, string Path, string Value);

/// <summary>A device file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Type">S_IFCHR, S_IFBLK or S_IFIFO.</param>
/// <param name="Major">The major number.</param>
/// <param name="Minor">The minor number.</param>
/// <param name="Mode">The permission bits.</param>
/// <param name="Uid">The owner.</param>
/// <param name="Gid">The group.</param>
public sealed record ValidatedDevice(
    ContainerPath Path,
    FileModes Type,
    uint Major,
    uint Minor,
    uint Mode,
    uint Uid,
    uint Gid
);

/// <summary>A memory policy.</summary>
/// <param name="Name">The mode's name.</param>
/// <param name="Mode">The mode with its flags, as set_mempolicy(2) takes them.</param>
/// <param name="Nodes">The memory nodes, a bit each.</param>
public sealed record ValidatedMemoryPolicy(string Name, int Mode, ImmutableArray<byte> Nodes);
