using System.Text.Json;

namespace Tare.Oci;

/// <summary>
/// Writes config.json: what <see cref="RuntimeSpecReader"/> reads back as the same model. What the model does not carry
/// (<see cref="RuntimeSpec.Unsupported"/>) is not written.
/// </summary>
public static class RuntimeSpecWriter
{
    /// <summary>The whole document, indented by tabs as runc does, without a newline at the end.</summary>
    public static byte[] Write(RuntimeSpec spec) => JsonOutput.Make(spec, JsonLayout.Tabs, WriteSpec);

    /// <summary>A process object alone, as <see cref="ProcessDocument"/> reads it.</summary>
    public static byte[] Write(ProcessSpec process) => JsonOutput.Make(process, JsonLayout.Tabs, ProcessWriter.Write);

    /// <summary>Writes the document as a value of a larger one.</summary>
    public static void WriteSpec(Utf8JsonWriter json, RuntimeSpec spec)
    {
        json.WriteStartObject();
        json.WriteString("ociVersion"u8, spec.OciVersion);
        if (spec.Process is { } process)
        {
            json.WritePropertyName("process"u8);
            ProcessWriter.Write(json, process);
        }

        if (spec.Root is { } root)
        {
            json.WriteStartObject("root"u8);
            json.WriteString("path"u8, root.Path);
            json.WriteFlag("readonly"u8, root.Readonly);
            json.WriteEndObject();
        }

        json.WriteText("hostname"u8, spec.Hostname);
        json.WriteText("domainname"u8, spec.Domainname);
        json.WriteList("mounts"u8, spec.Mounts, WriteMount);
        json.WriteTextMap("annotations"u8, spec.Annotations);
        if (spec.Linux is { } linux)
        {
            json.WritePropertyName("linux"u8);
            LinuxWriter.Write(json, linux);
        }

        json.WriteEndObject();
    }

    private static void WriteMount(Utf8JsonWriter json, MountSpec mount)
    {
        json.WriteStartObject();
        json.WriteString("destination"u8, mount.Destination);
        json.WriteText("type"u8, mount.Type);
        json.WriteText("source"u8, mount.Source);
        json.WriteTexts("options"u8, mount.Options);
        json.WriteList("uidMappings"u8, mount.UidMappings, LinuxWriter.WriteIdMapping);
        json.WriteList("gidMappings"u8, mount.GidMappings, LinuxWriter.WriteIdMapping);
        json.WriteEndObject();
    }
}
