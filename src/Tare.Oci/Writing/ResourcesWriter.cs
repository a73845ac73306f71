using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes a <c>resources</c> object.</summary>
internal static class ResourcesWriter
{
    internal static void Write(Utf8JsonWriter json, ResourcesSpec resources)
    {
        json.WriteStartObject();
        json.WriteList("devices"u8, resources.Devices, WriteRule);
        if (resources.Memory is { } memory)
        {
            WriteMemory(json, memory);
        }

        if (resources.Cpu is { } cpu)
        {
            WriteCpu(json, cpu);
        }

        if (resources.Pids is { } pids)
        {
            json.WriteStartObject("pids"u8);
            json.WriteNumberIfAny("limit"u8, pids.Limit);
            json.WriteEndObject();
        }

        DeviceResourcesWriter.Write(json, resources);
        json.WriteTextMap("unified"u8, resources.Unified);
        json.WriteEndObject();
    }

    /// <summary>What is the default is left out: a rule for all devices has no type.</summary>
    private static void WriteRule(Utf8JsonWriter json, DeviceRuleSpec rule)
    {
        json.WriteStartObject();
        json.WriteBoolean("allow"u8, rule.Allow);
        json.WriteText("type"u8, rule.Type == DeviceType.All ? null : SpecNames.Of(rule.Type));
        json.WriteNumberIfAny("major"u8, rule.Major);
        json.WriteNumberIfAny("minor"u8, rule.Minor);
        json.WriteString("access"u8, rule.Access);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemorySpec memory)
    {
        json.WriteStartObject("memory"u8);
        json.WriteNumberIfAny("limit"u8, memory.Limit);
        json.WriteNumberIfAny("reservation"u8, memory.Reservation);
        json.WriteNumberIfAny("swap"u8, memory.Swap);
        WriteNumberIfAny(json, "swappiness"u8, memory.Swappiness);
        WriteBooleanIfAny(json, "disableOOMKiller"u8, memory.DisableOomKiller);
        WriteBooleanIfAny(json, "checkBeforeUpdate"u8, memory.CheckBeforeUpdate);
        json.WriteNumberIfAny("kernel"u8, memory.Kernel);
        json.WriteNumberIfAny("kernelTCP"u8, memory.KernelTcp);
        WriteBooleanIfAny(json, "useHierarchy"u8, memory.UseHierarchy);
        json.WriteEndObject();
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuSpec cpu)
    {
        json.WriteStartObject("cpu"u8);
        WriteNumberIfAny(json, "shares"u8, cpu.Shares);
        json.WriteNumberIfAny("quota"u8, cpu.Quota);
        WriteNumberIfAny(json, "burst"u8, cpu.Burst);
        WriteNumberIfAny(json, "period"u8, cpu.Period);
        json.WriteText("cpus"u8, cpu.Cpus);
        json.WriteText("mems"u8, cpu.Mems);
        json.WriteNumberIfAny("idle"u8, cpu.Idle);
        json.WriteNumberIfAny("realtimeRuntime"u8, cpu.RealtimeRuntime);
        WriteNumberIfAny(json, "realtimePeriod"u8, cpu.RealtimePeriod);
        json.WriteEndObject();
    }

    private static void WriteNumberIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteBooleanIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(name, flag);
        }
    }
}
