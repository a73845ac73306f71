namespace Tare.Oci;

/// <summary>Reads the parts of a <c>resources</c> object that are about devices. config-linux.md, "Control groups".</summary>
internal static class DeviceResourcesReader
{
    internal static HugepageLimitSpec ReadHugepageLimit(ref JsonCursor json)
    {
        string? size = null;
        ulong? limit = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("pageSize"u8))
            {
                size = json.ReadNonEmptyString();
            }
            else if (json.Is("limit"u8))
            {
                limit = json.ReadUInt64();
            }
            else
            {
                json.Ignore();
            }
        }

        return new HugepageLimitSpec(
            size ?? throw json.Missing("pageSize", "name a size, such as 2MB"),
            limit ?? throw json.Missing("limit", "give it in bytes")
        );
    }

    internal static BlockIoSpec ReadBlockIo(ref JsonCursor json)
    {
        BlockIoSpec io = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("weight"u8))
            {
                io = io with { Weight = ReadWeight(ref json) };
            }
            else if (json.Is("leafWeight"u8))
            {
                io = io with { LeafWeight = ReadWeight(ref json) };
            }
            else if (json.Is("weightDevice"u8))
            {
                io = io with { WeightDevice = json.ReadList(ReadDeviceWeight) };
            }
            else if (json.Is("throttleReadBpsDevice"u8))
            {
                io = io with { ThrottleReadBps = json.ReadList(ReadRate) };
            }
            else if (json.Is("throttleWriteBpsDevice"u8))
            {
                io = io with { ThrottleWriteBps = json.ReadList(ReadRate) };
            }
            else if (json.Is("throttleReadIOPSDevice"u8))
            {
                io = io with { ThrottleReadIops = json.ReadList(ReadRate) };
            }
            else if (json.Is("throttleWriteIOPSDevice"u8))
            {
                io = io with { ThrottleWriteIops = json.ReadList(ReadRate) };
            }
            else
            {
                json.Ignore();
            }
        }

        return io;
    }

    internal static NetworkSpec ReadNetwork(ref JsonCursor json)
    {
        NetworkSpec network = new();
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("classID"u8))
            {
                network = network with { ClassId = json.ReadUInt32() };
            }
            else if (json.Is("priorities"u8))
            {
                network = network with { Priorities = json.ReadList(ReadPriority) };
            }
            else
            {
                json.Ignore();
            }
        }

        return network;
    }

    internal static RdmaSpec ReadRdma(ref JsonCursor json, string device)
    {
        uint? handles = null;
        uint? objects = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("hcaHandles"u8))
            {
                handles = json.ReadUInt32();
            }
            else if (json.Is("hcaObjects"u8))
            {
                objects = json.ReadUInt32();
            }
            else
            {
                json.Ignore();
            }
        }

        return new RdmaSpec(device, handles, objects);
    }

    // 0 is what callers write for "not given".
    private static ushort? ReadWeight(ref JsonCursor json) =>
        json.ReadInt64(0, 1000) is > 0 and long weight ? (ushort)weight : null;

    private static DeviceWeightSpec ReadDeviceWeight(ref JsonCursor json)
    {
        uint? major = null;
        uint? minor = null;
        ushort? weight = null;
        ushort? leafWeight = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("major"u8))
            {
                major = json.ReadUInt32();
            }
            else if (json.Is("minor"u8))
            {
                minor = json.ReadUInt32();
            }
            else if (json.Is("weight"u8))
            {
                weight = ReadWeight(ref json);
            }
            else if (json.Is("leafWeight"u8))
            {
                leafWeight = ReadWeight(ref json);
            }
            else
            {
                json.Ignore();
            }
        }

        return new DeviceWeightSpec(
            major ?? throw json.Missing("major", "give the device's number"),
            minor ?? throw json.Missing("minor", "give the device's number"),
            weight,
            leafWeight
        );
    }

    private static DeviceRateSpec ReadRate(ref JsonCursor json)
    {
        uint? major = null;
        uint? minor = null;
        ulong? rate = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("major"u8))
            {
                major = json.ReadUInt32();
            }
            else if (json.Is("minor"u8))
            {
                minor = json.ReadUInt32();
            }
            else if (json.Is("rate"u8))
            {
                rate = json.ReadUInt64();
            }
            else
            {
                json.Ignore();
            }
        }

        return new DeviceRateSpec(
            major ?? throw json.Missing("major", "give the device's number"),
            minor ?? throw json.Missing("minor", "give the device's number"),
            rate ?? throw json.Missing("rate", "give the limit a second")
        );
    }

    private static InterfacePrioritySpec ReadPriority(ref JsonCursor json)
    {
        string? name = null;
        uint? priority = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("name"u8))
            {
                name = json.ReadNonEmptyString();
            }
            else if (json.Is("priority"u8))
            {
                priority = json.ReadUInt32();
            }
            else
            {
                json.Ignore();
            }
        }

        return new InterfacePrioritySpec(
            name ?? throw json.Missing("name", "name an interface"),
            priority ?? throw json.Missing("priority", "give a number")
        );
    }
}
