using System.Text.Json;

namespace Tare.Oci;

/// <summary>
/// What <c>features</c> prints: what the runtime can do whatever the machine. features.md, features-linux.md. The names come
/// from those who implement them; empty is none. What is not asked for here Tare does not have, and the document says so.
/// </summary>
public sealed record FeaturesDocument
{
    /// <summary>The hooks that are run.</summary>
    public IReadOnlyList<string> Hooks { get; init; } = [];

    /// <summary>The options of mounts that are understood, beyond what is passed to the file system.</summary>
    public required IReadOnlyList<string> MountOptions { get; init; }

    /// <summary>The kinds of namespaces that are made and joined.</summary>
    public required IReadOnlyList<NamespaceType> Namespaces { get; init; }

    /// <summary>The capabilities that have a name here.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Whether limits are set on cgroup v1.</summary>
    public required bool CgroupV1 { get; init; }

    /// <summary>Whether limits are set on cgroup v2.</summary>
    public required bool CgroupV2 { get; init; }

    /// <summary>Whether systemd, the machine's or a user's own, can be asked to make cgroups.</summary>
    public bool CgroupSystemd { get; init; }

    /// <summary>Whether limits on RDMA devices are set.</summary>
    public bool CgroupRdma { get; init; }

    /// <summary>Whether the owners of a mount's files can be mapped.</summary>
    public bool IdMappedMounts { get; init; }

    /// <summary>Whether network devices of the host are moved into containers.</summary>
    public bool NetDevices { get; init; }

    /// <summary>Whether shares of caches and memory bandwidth are given and watched, where the processor has that.</summary>
    public bool IntelRdt { get; init; }

    /// <summary>The modes of memory policies.</summary>
    public IReadOnlyList<string> MemoryPolicyModes { get; init; } = [];

    /// <summary>The flags of memory policies.</summary>
    public IReadOnlyList<string> MemoryPolicyFlags { get; init; } = [];

    /// <summary>What filters of system calls can do; null where there are none.</summary>
    public SeccompFeatures? Seccomp { get; init; }

    /// <summary><c>process.apparmorProfile</c> is known.</summary>
    public bool AppArmor { get; init; }

    /// <summary><c>process.selinuxLabel</c> and <c>linux.mountLabel</c> are known.</summary>
    public bool Selinux { get; init; }

    /// <summary>More about the runtime, such as its version, by key.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = NoText.Map;

    /// <summary>The annotations (or beginnings of them, with a dot at the end) in config.json that can give a container more power.</summary>
    public IReadOnlyList<string> PotentiallyUnsafeConfigAnnotations { get; init; } = [];

    /// <summary>The document, indented, without a newline at the end.</summary>
    public byte[] Write() => JsonOutput.Make(this, JsonLayout.Spaces, WriteValue);

    private static void WriteValue(Utf8JsonWriter json, FeaturesDocument features)
    {
        json.WriteStartObject();
        json.WriteString("ociVersionMin"u8, SpecVersion.Oldest);
        json.WriteString("ociVersionMax"u8, SpecVersion.Newest);
        json.WriteArray("hooks"u8, features.Hooks);
        json.WriteArray("mountOptions"u8, features.MountOptions);

        json.WriteStartObject("linux"u8);
        json.WriteArray("namespaces"u8, [.. features.Namespaces.Select(SpecNames.Of)]);
        json.WriteArray("capabilities"u8, features.Capabilities);
        json.WriteStartObject("cgroup"u8);
        json.WriteBoolean("v1"u8, features.CgroupV1);
        json.WriteBoolean("v2"u8, features.CgroupV2);
        json.WriteBoolean("systemd"u8, features.CgroupSystemd);
        json.WriteBoolean("systemdUser"u8, features.CgroupSystemd);
        json.WriteBoolean("rdma"u8, features.CgroupRdma);
        json.WriteEndObject();
        WriteSeccomp(json, features.Seccomp);
        WritePresence(json, "apparmor"u8, features.AppArmor);
        WritePresence(json, "selinux"u8, features.Selinux);
        json.WriteStartObject("intelRdt"u8);
        json.WriteBoolean("enabled"u8, features.IntelRdt);
        json.WriteBoolean("schemata"u8, features.IntelRdt);
        json.WriteBoolean("monitoring"u8, features.IntelRdt);
        json.WriteEndObject();
        json.WriteStartObject("memoryPolicy"u8);
        json.WriteArray("modes"u8, features.MemoryPolicyModes);
        json.WriteArray("flags"u8, features.MemoryPolicyFlags);
        json.WriteEndObject();
        json.WriteStartObject("mountExtensions"u8);
        json.WriteStartObject("idmap"u8);
        json.WriteBoolean("enabled"u8, features.IdMappedMounts);
        json.WriteEndObject();
        json.WriteEndObject();
        WritePresence(json, "netDevices"u8, features.NetDevices);
        json.WriteEndObject();

        json.WriteTextMap("annotations"u8, features.Annotations);
        json.WriteTexts("potentiallyUnsafeConfigAnnotations"u8, features.PotentiallyUnsafeConfigAnnotations);
        json.WriteEndObject();
    }

    private static void WriteSeccomp(Utf8JsonWriter json, SeccompFeatures? seccomp)
    {
        if (seccomp is null)
        {
            WritePresence(json, "seccomp"u8, false);
            return;
        }

        json.WriteStartObject("seccomp"u8);
        json.WriteBoolean("enabled"u8, true);
        json.WriteArray("actions"u8, [.. seccomp.Actions.Select(SeccompNames.Of)]);
        json.WriteArray("operators"u8, SeccompNames.Operators);
        json.WriteArray("archs"u8, SeccompNames.Architectures);
        json.WriteArray("knownFlags"u8, SeccompNames.Flags);
        json.WriteArray("supportedFlags"u8, [.. seccomp.Flags.Select(SeccompNames.Of)]);
        json.WriteEndObject();
    }

    private static void WritePresence(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool isThere)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("enabled"u8, isThere);
        json.WriteEndObject();
    }
}
