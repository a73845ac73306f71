using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes the <c>linux</c> object.</summary>
internal static class LinuxWriter
{
    internal static void Write(Utf8JsonWriter json, LinuxSpec linux)
    {
        json.WriteStartObject();
        json.WriteList("uidMappings"u8, linux.UidMappings, WriteIdMapping);
        json.WriteList("gidMappings"u8, linux.GidMappings, WriteIdMapping);
        json.WriteTextMap("sysctl"u8, linux.Sysctl);
        if (linux.Resources is { } resources)
        {
            json.WritePropertyName("resources"u8);
            ResourcesWriter.Write(json, resources);
        }

        json.WriteText("cgroupsPath"u8, linux.CgroupsPath);
        json.WriteList("namespaces"u8, linux.Namespaces, WriteNamespace);
        json.WriteList("devices"u8, linux.Devices, WriteDevice);
        if (linux.NetDevices.Count > 0)
        {
            json.WriteStartObject("netDevices"u8);
            foreach (NetDeviceSpec device in linux.NetDevices)
            {
                json.WriteStartObject(device.HostName);
                json.WriteText("name"u8, device.Name);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (linux.Seccomp is { } seccomp)
        {
            json.WritePropertyName("seccomp"u8);
            SeccompWriter.Write(json, seccomp);
        }

        json.WriteText("rootfsPropagation"u8, linux.RootfsPropagation);
        json.WriteText("mountLabel"u8, linux.MountLabel);
        if (linux.IntelRdt is { } rdt)
        {
            json.WriteStartObject("intelRdt"u8);
            json.WriteText("closID"u8, rdt.ClosId);
            json.WriteText("l3CacheSchema"u8, rdt.L3CacheSchema);
            json.WriteText("memBwSchema"u8, rdt.MemBwSchema);
            json.WriteTexts("schemata"u8, rdt.Schemata);
            json.WriteFlag("enableMonitoring"u8, rdt.EnableMonitoring);
            json.WriteEndObject();
        }

        if (linux.Personality is { } personality)
        {
            json.WriteStartObject("personality"u8);
            json.WriteString("domain"u8, personality.Domain);
            json.WriteTexts("flags"u8, personality.Flags);
            json.WriteEndObject();
        }

        if (linux.MemoryPolicy is { } policy)
        {
            json.WriteStartObject("memoryPolicy"u8);
            json.WriteString("mode"u8, policy.Mode);
            json.WriteText("nodes"u8, policy.Nodes);
            json.WriteTexts("flags"u8, policy.Flags);
            json.WriteEndObject();
        }

        if (linux.TimeOffsets.Count > 0)
        {
            json.WriteStartObject("timeOffsets"u8);
            foreach (TimeOffsetSpec offset in linux.TimeOffsets)
            {
                json.WriteStartObject(offset.Clock);
                json.WriteNumberUnlessZero("secs"u8, offset.Seconds);
                json.WriteNumberUnlessZero("nanosecs"u8, offset.Nanoseconds);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteTexts("maskedPaths"u8, linux.MaskedPaths);
        json.WriteTexts("readonlyPaths"u8, linux.ReadonlyPaths);
        json.WriteEndObject();
    }

    internal static void WriteIdMapping(Utf8JsonWriter json, IdMapping mapping)
    {
        json.WriteStartObject();
        json.WriteNumber("containerID"u8, mapping.ContainerId);
        json.WriteNumber("hostID"u8, mapping.HostId);
        json.WriteNumber("size"u8, mapping.Size);
        json.WriteEndObject();
    }

    private static void WriteNamespace(Utf8JsonWriter json, NamespaceSpec ns)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, SpecNames.Of(ns.Type));
        json.WriteText("path"u8, ns.Path);
        json.WriteEndObject();
    }

    private static void WriteDevice(Utf8JsonWriter json, DeviceSpec device)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, device.Path);
        json.WriteString("type"u8, SpecNames.Of(device.Type));
        json.WriteNumber("major"u8, device.Major);
        json.WriteNumber("minor"u8, device.Minor);
        json.WriteNumberIfAny("fileMode"u8, device.FileMode);
        json.WriteNumberIfAny("uid"u8, device.Uid);
        json.WriteNumberIfAny("gid"u8, device.Gid);
        json.WriteEndObject();
    }
}
