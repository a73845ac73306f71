using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tare.Linux;
using Tare.Oci;

namespace Tare.OciCli.Info;

/// <summary>What <c>info --json</c> tells programs: one object.</summary>
internal static class InfoJson
{
    public static byte[] Format(MachineInfo info)
    {
        ArrayBufferWriter<byte> buffer = new(8192);
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            Write(json, info);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>How the machine has cgroups, in one word.</summary>
    public static string NameOf(CgroupMode mode) =>
        mode switch
        {
            CgroupMode.Unified => "unified",
            CgroupMode.Hybrid => "hybrid",
            CgroupMode.Legacy => "legacy",
            _ => "none",
        };

    private static void Write(Utf8JsonWriter json, MachineInfo info)
    {
        json.WriteStartObject();
        json.WriteString("version", Texts.Number);
        json.WriteString("commit", Texts.Commit);
        json.WriteString("ociVersion", SpecVersion.Newest.ToString());
        json.WriteString("kernel", info.Kernel);
        json.WriteString("kernelBuild", info.Build);
        json.WriteString("architecture", info.Architecture);
        json.WriteNumber("uid", info.Uid);
        if (info.Cgroups is { } cgroups)
        {
            Write(json, cgroups);
        }

        json.WriteBoolean("systemd", info.IsSystemd);
        WriteWords(json, "namespaces", info.Namespaces);
        WriteWords(json, "securityModules", info.SecurityModules);
        WriteWords(json, "seccompActions", info.SeccompActions);
        json.WriteStartObject("capabilities");
        foreach ((string name, CapabilitySet set) in info.Capabilities)
        {
            WriteWords(json, name, set.Enumerate().Select(CapabilityNames.NameOf));
        }

        json.WriteEndObject();
        json.WriteStartArray("features");
        foreach (FeatureState feature in info.Features)
        {
            Write(json, feature);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CgroupLayout cgroups)
    {
        json.WriteStartObject("cgroups");
        json.WriteString("mode", NameOf(cgroups.Mode));
        json.WriteStartArray("hierarchies");
        foreach (CgroupHierarchy hierarchy in cgroups.Hierarchies)
        {
            json.WriteStartObject();
            json.WriteNumber("version", hierarchy.Version);
            json.WriteString("mountPoint", hierarchy.MountPoint);
            if (hierarchy.Name is { } name)
            {
                json.WriteString("name", name);
            }

            WriteWords(json, "controllers", hierarchy.Controllers);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FeatureState feature)
    {
        json.WriteStartObject();
        json.WriteString("name", feature.Name);
        json.WriteBoolean("available", feature.Present);
        if (feature.Present && feature.Detail > 0)
        {
            json.WriteNumber("version", feature.Detail);
        }

        if (!feature.Present)
        {
            json.WriteString("why", feature.Why);
            json.WriteString("remedy", feature.Remedy);
        }

        json.WriteEndObject();
    }

    private static void WriteWords(Utf8JsonWriter json, string name, IEnumerable<string> words)
    {
        json.WriteStartArray(name);
        foreach (string word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }
}
