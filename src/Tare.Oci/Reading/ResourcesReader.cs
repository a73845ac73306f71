namespace Tare.Oci;

/// <summary>Reads a <c>resources</c> object. config-linux.md, "Control groups".</summary>
internal static class ResourcesReader
{
    internal static ResourcesSpec Read(ref JsonCursor json)
    {
        ResourcesSpec resources = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("devices"u8))
            {
                resources = resources with { Devices = json.ReadList(ReadRule) };
            }
            else if (json.Is("memory"u8))
            {
                resources = resources with { Memory = ReadMemory(ref json) };
            }
            else if (json.Is("cpu"u8))
            {
                resources = resources with { Cpu = ReadCpu(ref json) };
            }
            else if (json.Is("pids"u8))
            {
                resources = resources with { Pids = ReadPids(ref json) };
            }
            else if (json.Is("hugepageLimits"u8))
            {
                resources = resources with { HugepageLimits = json.ReadList(DeviceResourcesReader.ReadHugepageLimit) };
            }
            else if (json.Is("blockIO"u8))
            {
                resources = resources with { BlockIo = DeviceResourcesReader.ReadBlockIo(ref json) };
            }
            else if (json.Is("network"u8))
            {
                resources = resources with { Network = DeviceResourcesReader.ReadNetwork(ref json) };
            }
            else if (json.Is("rdma"u8))
            {
                resources = resources with { Rdma = json.ReadEntries(DeviceResourcesReader.ReadRdma) };
            }
            else if (json.Is("unified"u8))
            {
                resources = resources with { Unified = json.ReadTextMap() };
            }
            else
            {
                json.Ignore();
            }
        }

        return resources;
    }

    private static DeviceRuleSpec ReadRule(ref JsonCursor json)
    {
        bool? allow = null;
        DeviceType type = DeviceType.All;
        uint? major = null;
        uint? minor = null;
        string access = "";
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("allow"u8))
            {
                allow = json.ReadBoolean();
            }
            else if (json.Is("type"u8))
            {
                string name = json.ReadString();
                type =
                    name.Length == 0 ? DeviceType.All
                    : SpecNames.TryDevice(name, out type)
                    && type is DeviceType.All or DeviceType.Character or DeviceType.Block
                        ? type
                    : throw json.Error($"'{OneLine.Of(name)}' is no kind of device in a rule (use a, b or c)");
            }
            else if (json.Is("major"u8))
            {
                major = ReadNumberOrAny(ref json);
            }
            else if (json.Is("minor"u8))
            {
                minor = ReadNumberOrAny(ref json);
            }
            else if (json.Is("access"u8))
            {
                access = json.ReadString();
                if (access.AsSpan().ContainsAnyExcept("rwm"))
                {
                    throw json.Error(
                        $"'{OneLine.Of(access)}' is no access to a device (use letters out of r, w and m)"
                    );
                }
            }
            else
            {
                json.Ignore();
            }
        }

        return new DeviceRuleSpec
        {
            Allow = allow ?? throw json.Missing("allow", "write true or false"),
            Type = type,
            Major = major,
            Minor = minor,
            Access = access.Length > 0 ? access : "rwm",
        };
    }

    private static uint? ReadNumberOrAny(ref JsonCursor json) =>
        json.ReadInt64(-1, uint.MaxValue) is >= 0 and long number ? (uint)number : null;

    private static MemorySpec ReadMemory(ref JsonCursor json)
    {
        MemorySpec memory = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("limit"u8))
            {
                memory = memory with { Limit = json.ReadInt64(-1) };
            }
            else if (json.Is("reservation"u8))
            {
                memory = memory with { Reservation = json.ReadInt64(-1) };
            }
            else if (json.Is("swap"u8))
            {
                memory = memory with { Swap = json.ReadInt64(-1) };
            }
            else if (json.Is("swappiness"u8))
            {
                memory = memory with { Swappiness = json.ReadUInt64() };
            }
            else if (json.Is("disableOOMKiller"u8))
            {
                memory = memory with { DisableOomKiller = json.ReadBoolean() };
            }
            else if (json.Is("checkBeforeUpdate"u8))
            {
                memory = memory with { CheckBeforeUpdate = json.ReadBoolean() };
            }
            else if (json.Is("kernelTCP"u8))
            {
                memory = memory with { KernelTcp = json.ReadInt64(-1) };
            }
            else if (json.Is("useHierarchy"u8))
            {
                memory = memory with { UseHierarchy = json.ReadBoolean() };
            }
            else if (json.Is("kernel"u8))
            {
                memory = memory with { Kernel = json.ReadInt64(-1) };
            }
            else
            {
                json.Ignore();
            }
        }

        return memory;
    }

    private static CpuSpec ReadCpu(ref JsonCursor json)
    {
        CpuSpec cpu = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("shares"u8))
            {
                cpu = cpu with { Shares = json.ReadUInt64() };
            }
            else if (json.Is("quota"u8))
            {
                cpu = cpu with { Quota = json.ReadInt64() };
            }
            else if (json.Is("burst"u8))
            {
                cpu = cpu with { Burst = json.ReadUInt64() };
            }
            else if (json.Is("period"u8))
            {
                cpu = cpu with { Period = json.ReadUInt64() };
            }
            else if (json.Is("cpus"u8))
            {
                string cpus = json.ReadString();
                cpu = cpu with { Cpus = cpus.Length > 0 ? cpus : null };
            }
            else if (json.Is("mems"u8))
            {
                string mems = json.ReadString();
                cpu = cpu with { Mems = mems.Length > 0 ? mems : null };
            }
            else if (json.Is("idle"u8))
            {
                cpu = cpu with { Idle = json.ReadInt64(0, 1) };
            }
            else if (json.Is("realtimeRuntime"u8))
            {
                cpu = cpu with { RealtimeRuntime = json.ReadInt64() };
            }
            else if (json.Is("realtimePeriod"u8))
            {
                cpu = cpu with { RealtimePeriod = json.ReadUInt64() };
            }
            else
            {
                json.Ignore();
            }
        }

        return cpu;
    }

    private static PidsSpec ReadPids(ref JsonCursor json)
    {
        long? limit = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("limit"u8))
            {
                limit = json.ReadInt64(-1);
            }
            else
            {
                json.Ignore();
            }
        }

        return new PidsSpec(limit);
    }
}
