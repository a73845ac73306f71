using System.Buffers;
using System.Text.Json;

namespace Tare.Runtime.State;

/// <summary>Writes a <see cref="ContainerRecord"/> as JSON.</summary>
public static class ContainerRecordWriter
{
    /// <summary>The bytes of <c>state.json</c>.</summary>
    public static byte[] Write(ContainerRecord record)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteString("id"u8, record.Id.Text);
        writer.WriteString("ociVersion"u8, record.OciVersion);
        writer.WriteString("bundle"u8, record.Bundle);
        writer.WriteString("rootfs"u8, record.Rootfs);
        writer.WriteNumber("createdTicks"u8, record.Created.UtcTicks);
        writer.WriteNumber("owner"u8, record.Owner);
        writer.WriteNumber("pid"u8, record.ProcessId);
        writer.WriteNumber("pidStartTime"u8, record.ProcessStartTime);
        if (record.PidFile is { } pidFile)
        {
            writer.WriteString("pidFile"u8, pidFile);
        }

        WriteCgroups(writer, record.Cgroups);
        writer.WriteStartObject("annotations"u8);
        foreach ((string name, string value) in record.Annotations)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("remaining"u8);
        foreach (RemainingStep step in record.Remaining)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, step.Index);
            writer.WriteString("words"u8, step.Words);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCgroups(Utf8JsonWriter writer, IReadOnlyList<CgroupPlace> cgroups)
    {
        writer.WriteStartArray("cgroups"u8);
        foreach (CgroupPlace place in cgroups)
        {
            writer.WriteStartObject();
            writer.WriteString("mountPoint"u8, place.MountPoint);
            writer.WriteString("controller"u8, place.Controller);
            writer.WriteString("path"u8, place.Path);
            writer.WriteNumber("made"u8, place.Made);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
