namespace Tare.Oci;

/// <summary>
/// A container's config.json as the OCI runtime specification 1.3 defines it (config.md, config-linux.md), so far as Tare
/// carries it. Names are as in the JSON; nothing here has been checked against a machine.
/// </summary>
/// <remarks>
/// An absent object is null, an absent list or map is empty, an absent scalar that may be left out is null. The reader
/// makes no other difference between absent, null and empty.
/// </remarks>
public sealed record RuntimeSpec
{
    /// <summary>The version of the specification that the document follows; at least 1.0.0, less than 2.</summary>
    public required string OciVersion { get; init; }

    /// <summary>The program to run; a container may be created without one but not started.</summary>
    public ProcessSpec? Process { get; init; }

    /// <summary>The root file system.</summary>
    public RootSpec? Root { get; init; }

    /// <summary>The host name in the container's UTS namespace; null leaves it.</summary>
    public string? Hostname { get; init; }

    /// <summary>The NIS domain name in the container's UTS namespace; null leaves it.</summary>
    public string? Domainname { get; init; }

    /// <summary>The mounts beyond the root, in the order in which they are made.</summary>
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];

    /// <summary>Free text by key, carried to the state.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoText.Map;

    /// <summary>What only Linux has: namespaces, resources, devices, paths to hide.</summary>
    public LinuxSpec? Linux { get; init; }

    /// <summary>Programs that are run at points of the container's life.</summary>
    public HooksSpec? Hooks { get; init; }

    /// <summary>
    /// The paths (<c>linux.seccomp</c>, <c>mounts[2].uidMappings</c>) of properties that OCI 1.3 defines, that ask for
    /// something and that this model does not carry. Whoever acts on the document has to refuse it while this is not empty.
    /// </summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];
}
