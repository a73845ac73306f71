using System.Buffers;
using System.Text.Json;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Landlock policies as JSON, by the kernel's names. docs/recording.md.</summary>
public static class LandlockDocument
{
    /// <summary>Writes a policy.</summary>
    public static byte[] Write(LandlockPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            WriteNames(json, "files", policy.Files);
            WriteNames(json, "network", policy.Network);
            WriteNames(json, "scopes", policy.Scopes);
            json.WriteBoolean("bestEffort", policy.BestEffort);
            json.WriteStartArray("paths");
            foreach (LandlockPathRule rule in policy.Paths)
            {
                json.WriteStartObject();
                json.WriteString("path", rule.Path);
                WriteNames(json, "access", rule.Access);
                json.WriteBoolean("optional", rule.Optional);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("ports");
            foreach (LandlockPortRule rule in policy.Ports)
            {
                json.WriteStartObject();
                json.WriteNumber("port", rule.Port);
                WriteNames(json, "access", rule.Access);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads a policy.</summary>
    /// <exception cref="FormatException">It is something else, or a policy that cannot be.</exception>
    public static LandlockPolicy Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement json = document.RootElement;
            LandlockPolicy policy = new()
            {
                Files = ReadNames<LandlockAccessFs>(Member(json, "files")),
                Network = ReadNames<LandlockAccessNet>(Member(json, "network")),
                Scopes = ReadNames<LandlockScope>(Member(json, "scopes")),
                BestEffort = Member(json, "bestEffort").GetBoolean(),
                Paths =
                [
                    .. Member(json, "paths")
                        .EnumerateArray()
                        .Select(rule => new LandlockPathRule(
                            Member(rule, "path").GetString() ?? "",
                            ReadNames<LandlockAccessFs>(Member(rule, "access"))
                        )
                        {
                            Optional = Member(rule, "optional").GetBoolean(),
                        }),
                ],
                Ports =
                [
                    .. Member(json, "ports")
                        .EnumerateArray()
                        .Select(rule => new LandlockPortRule(
                            Member(rule, "port").GetUInt16(),
                            ReadNames<LandlockAccessNet>(Member(rule, "access"))
                        )),
                ],
            };
            LandlockChecks.Check(policy);
            return policy;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"it is no Landlock policy: {wrong.Message}", wrong);
        }
    }

    private static JsonElement Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new FormatException($"it is no Landlock policy: '{name}' is missing");

    private static void WriteNames<T>(Utf8JsonWriter json, string property, T flags)
        where T : struct, Enum
    {
        json.WriteStartArray(property);
        foreach (T flag in Enum.GetValues<T>())
        {
            if (!flag.Equals(default(T)) && flags.HasFlag(flag))
            {
                json.WriteStringValue(flag.ToString());
            }
        }

        json.WriteEndArray();
    }

    private static T ReadNames<T>(JsonElement names)
        where T : struct, Enum =>
        Enum.TryParse(string.Join(',', names.EnumerateArray().Select(name => name.GetString())), out T flags) ? flags
        : names.GetArrayLength() == 0 ? default
        : throw new FormatException($"{names} holds what is no name of a {typeof(T).Name}");
}
