using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes the parts of a <c>resources</c> object that are about devices.</summary>
internal static class DeviceResourcesWriter
{
    internal static void Write(Utf8JsonWriter json, ResourcesSpec resources)
    {
        json.WriteList("hugepageLimits"u8, resources.HugepageLimits, WriteHugepageLimit);
        if (resources.BlockIo is { } io)
        {
            json.WriteStartObject("blockIO"u8);
            json.WriteNumberIfAny("weight"u8, io.Weight);
            json.WriteNumberIfAny("leafWeight"u8, io.LeafWeight);
            json.WriteList("weightDevice"u8, io.WeightDevice, WriteWeight);
            json.WriteList("throttleReadBpsDevice"u8, io.ThrottleReadBps, WriteRate);
            json.WriteList("throttleWriteBpsDevice"u8, io.ThrottleWriteBps, WriteRate);
            json.WriteList("throttleReadIOPSDevice"u8, io.ThrottleReadIops, WriteRate);
            json.WriteList("throttleWriteIOPSDevice"u8, io.ThrottleWriteIops, WriteRate);
            json.WriteEndObject();
        }

        if (resources.Network is { } network)
        {
            json.WriteStartObject("network"u8);
            json.WriteNumberIfAny("classID"u8, network.ClassId);
            json.WriteList("priorities"u8, network.Priorities, WritePriority);
            json.WriteEndObject();
        }

        if (resources.Rdma.Count > 0)
        {
            json.WriteStartObject("rdma"u8);
            foreach (RdmaSpec device in resources.Rdma)
            {
                json.WriteStartObject(device.Device);
                json.WriteNumberIfAny("hcaHandles"u8, device.Handles);
                json.WriteNumberIfAny("hcaObjects"u8, device.Objects);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }

    private static void WriteHugepageLimit(Utf8JsonWriter json, HugepageLimitSpec limit)
    {
        json.WriteStartObject();
        json.WriteString("pageSize"u8, limit.PageSize);
        json.WriteNumber("limit"u8, limit.Limit);
        json.WriteEndObject();
    }

    private static void WriteWeight(Utf8JsonWriter json, DeviceWeightSpec device)
    {
        json.WriteStartObject();
        json.WriteNumber("major"u8, device.Major);
        json.WriteNumber("minor"u8, device.Minor);
        json.WriteNumberIfAny("weight"u8, device.Weight);
        json.WriteNumberIfAny("leafWeight"u8, device.LeafWeight);
        json.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter json, DeviceRateSpec device)
    {
        json.WriteStartObject();
        json.WriteNumber("major"u8, device.Major);
        json.WriteNumber("minor"u8, device.Minor);
        json.WriteNumber("rate"u8, device.Rate);
        json.WriteEndObject();
    }

    private static void WritePriority(Utf8JsonWriter json, InterfacePrioritySpec priority)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, priority.Name);
        json.WriteNumber("priority"u8, priority.Priority);
        json.WriteEndObject();
    }
}
