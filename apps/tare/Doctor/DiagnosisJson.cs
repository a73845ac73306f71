using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tare.Cli.Doctor;

/// <summary>A diagnosis for programs.</summary>
internal static class DiagnosisJson
{
    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    /// <summary>One object, indented, ended by a line feed.</summary>
    public static string Format(Diagnosis diagnosis)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteBoolean("works", diagnosis.Works);
            json.WriteString("kernel", diagnosis.Kernel);
            json.WriteString("architecture", diagnosis.Architecture);
            json.WriteNumber("uid", diagnosis.Uid);
            json.WriteBoolean("privileged", diagnosis.IsPrivileged);
            json.WriteStartArray("findings");
            foreach (Finding finding in diagnosis.Findings)
            {
                Write(json, finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("group", finding.Group);
        json.WriteString("name", finding.Name);
        json.WriteString(
            "state",
            finding.State switch
            {
                FindingState.Good => "ok",
                FindingState.Limited => "limited",
                _ => "missing",
            }
        );
        if (finding.Detail is { } detail)
        {
            json.WriteString("detail", detail);
        }

        if (finding.Remedy is { } remedy)
        {
            json.WriteString("remedy", remedy);
        }

        json.WriteEndObject();
    }
}
