namespace Tare.Oci;

/// <summary>Reads the <c>linux</c> object. config-linux.md.</summary>
internal static class LinuxReader
{
    internal static LinuxSpec Read(ref JsonCursor json)
    {
        LinuxSpec linux = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("namespaces"u8))
            {
                linux = linux with { Namespaces = json.ReadList(ReadNamespace) };
            }
            else if (json.Is("uidMappings"u8))
            {
                linux = linux with { UidMappings = json.ReadList(ReadIdMapping) };
            }
            else if (json.Is("gidMappings"u8))
            {
                linux = linux with { GidMappings = json.ReadList(ReadIdMapping) };
            }
            else if (json.Is("devices"u8))
            {
                linux = linux with { Devices = json.ReadList(ReadDevice) };
            }
            else if (json.Is("cgroupsPath"u8))
            {
                string path = json.ReadString();
                linux = linux with { CgroupsPath = path.Length > 0 ? path : null };
            }
            else if (json.Is("resources"u8))
            {
                linux = linux with { Resources = ResourcesReader.Read(ref json) };
            }
            else if (json.Is("sysctl"u8))
            {
                linux = linux with { Sysctl = json.ReadTextMap() };
            }
            else if (json.Is("maskedPaths"u8))
            {
                linux = linux with { MaskedPaths = json.ReadStrings() };
            }
            else if (json.Is("readonlyPaths"u8))
            {
                linux = linux with { ReadonlyPaths = json.ReadStrings() };
            }
            else if (json.Is("rootfsPropagation"u8))
            {
                linux = linux with { RootfsPropagation = json.ReadStringOrNull() };
            }
            else if (json.Is("personality"u8))
            {
                linux = linux with { Personality = ReadPersonality(ref json) };
            }
            else if (json.Is("timeOffsets"u8))
            {
                linux = linux with { TimeOffsets = ReadTimeOffsets(ref json) };
            }
            else if (json.Is("memoryPolicy"u8))
            {
                linux = linux with { MemoryPolicy = ReadMemoryPolicy(ref json) };
            }
            else if (json.Is("seccomp"u8))
            {
                linux = linux with { Seccomp = SeccompReader.Read(ref json) };
            }
            else if (json.Is("mountLabel"u8))
            {
                linux = linux with { MountLabel = json.ReadStringOrNull() };
            }
            else if (json.Is("intelRdt"u8))
            {
                linux = linux with { IntelRdt = HardwareReader.ReadIntelRdt(ref json) };
            }
            else if (json.Is("netDevices"u8))
            {
                linux = linux with { NetDevices = json.ReadEntries(HardwareReader.ReadNetDevice) };
            }
            else
            {
                json.Ignore();
            }
        }

        return linux;
    }

    private static PersonalitySpec ReadPersonality(ref JsonCursor json)
    {
        string? domain = null;
        IReadOnlyList<string> flags = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("domain"u8))
            {
                domain = json.ReadNonEmptyString();
            }
            else if (json.Is("flags"u8))
            {
                flags = json.ReadStrings();
            }
            else
            {
                json.Ignore();
            }
        }

        return new PersonalitySpec(domain ?? throw json.Missing("domain", "use LINUX or LINUX32"), flags);
    }

    private static MemoryPolicySpec ReadMemoryPolicy(ref JsonCursor json)
    {
        string? mode = null;
        string nodes = "";
        IReadOnlyList<string> flags = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("mode"u8))
            {
                mode = json.ReadNonEmptyString();
            }
            else if (json.Is("nodes"u8))
            {
                nodes = json.ReadString();
            }
            else if (json.Is("flags"u8))
            {
                flags = json.ReadStrings();
            }
            else
            {
                json.Ignore();
            }
        }

        return new MemoryPolicySpec
        {
            Mode = mode ?? throw json.Missing("mode", "name the policy, such as MPOL_BIND"),
            Nodes = nodes.Length > 0 ? nodes : null,
            Flags = flags,
        };
    }

    private static List<TimeOffsetSpec> ReadTimeOffsets(ref JsonCursor json)
    {
        List<TimeOffsetSpec> offsets = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("monotonic"u8))
            {
                offsets.Add(ReadTimeOffset(ref json, "monotonic"));
            }
            else if (json.Is("boottime"u8))
            {
                offsets.Add(ReadTimeOffset(ref json, "boottime"));
            }
            else
            {
                throw json.Error("is no clock of a time namespace (use monotonic or boottime)");
            }
        }

        return offsets;
    }

    private static TimeOffsetSpec ReadTimeOffset(ref JsonCursor json, string clock)
    {
        long seconds = 0;
        uint nanoseconds = 0;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("secs"u8))
            {
                seconds = json.ReadInt64();
            }
            else if (json.Is("nanosecs"u8))
            {
                nanoseconds = (uint)json.ReadInt64(0, 999_999_999);
            }
            else
            {
                json.Ignore();
            }
        }

        return new TimeOffsetSpec(clock, seconds, nanoseconds);
    }

    private static NamespaceSpec ReadNamespace(ref JsonCursor json)
    {
        NamespaceType? type = null;
        string? path = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("type"u8))
            {
                string name = json.ReadString();
                type = SpecNames.TryNamespace(name, out NamespaceType known)
                    ? known
                    : throw json.Error(
                        $"'{OneLine.Of(name)}' is no namespace (use cgroup, ipc, mount, network, pid, time, user or uts)"
                    );
            }
            else if (json.Is("path"u8))
            {
                path = json.ReadString();
            }
            else
            {
                json.Ignore();
            }
        }

        return new NamespaceSpec(
            type ?? throw json.Missing("type", "use cgroup, ipc, mount, network, pid, time, user or uts"),
            string.IsNullOrEmpty(path) ? null : path
        );
    }

    internal static IdMapping ReadIdMapping(ref JsonCursor json)
    {
        uint? container = null;
        uint? host = null;
        uint? size = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("containerID"u8))
            {
                container = json.ReadUInt32();
            }
            else if (json.Is("hostID"u8))
            {
                host = json.ReadUInt32();
            }
            else if (json.Is("size"u8))
            {
                size = json.ReadUInt32();
            }
            else
            {
                json.Ignore();
            }
        }

        return new IdMapping(
            container ?? throw json.Missing("containerID", "give the first id in the container"),
            host ?? throw json.Missing("hostID", "give the first id outside"),
            size ?? throw json.Missing("size", "give the number of ids")
        );
    }

    private static DeviceSpec ReadDevice(ref JsonCursor json)
    {
        DeviceType? type = null;
        string? path = null;
        uint? major = null;
        uint? minor = null;
        uint? fileMode = null;
        uint? uid = null;
        uint? gid = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("type"u8))
            {
                string name = json.ReadString();
                type =
                    SpecNames.TryDevice(name, out DeviceType known) && known != DeviceType.All
                        ? known
                        : throw json.Error($"'{OneLine.Of(name)}' is no kind of device (use b, c, p or u)");
            }
            else if (json.Is("path"u8))
            {
                path = json.ReadNonEmptyString();
            }
            else if (json.Is("major"u8))
            {
                major = json.ReadUInt32();
            }
            else if (json.Is("minor"u8))
            {
                minor = json.ReadUInt32();
            }
            else if (json.Is("fileMode"u8))
            {
                fileMode = json.ReadUInt32();
            }
            else if (json.Is("uid"u8))
            {
                uid = json.ReadUInt32();
            }
            else if (json.Is("gid"u8))
            {
                gid = json.ReadUInt32();
            }
            else
            {
                json.Ignore();
            }
        }

        if (type is not (null or DeviceType.Fifo) && (major is null || minor is null))
        {
            throw json.Missing(major is null ? "major" : "minor", "only a FIFO has no device number");
        }

        return new DeviceSpec
        {
            Type = type ?? throw json.Missing("type", "use b, c, p or u"),
            Path = path ?? throw json.Missing("path", "name a path in the container"),
            Major = major ?? 0,
            Minor = minor ?? 0,
            FileMode = fileMode,
            Uid = uid,
            Gid = gid,
        };
    }
}
