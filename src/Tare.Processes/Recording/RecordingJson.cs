using System.Buffers;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Recordings as JSON. docs/recording.md.</summary>
internal static class RecordingJson
{
    private const int Version = 1;

    /// <summary>Writes one.</summary>
    public static byte[] Write(Recording recording)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteStartObject("calls");
            foreach ((string name, long times) in recording.Calls)
            {
                json.WriteNumber(name, times);
            }

            json.WriteEndObject();
            WriteList(json, "unknownCalls", recording.UnknownCalls, json.WriteNumberValue);
            WriteList(json, "abis", recording.Abis, abi => json.WriteStringValue(abi.ToString()));
            json.WriteStartObject("operations");
            foreach ((string name, ImmutableSortedSet<ulong> done) in recording.Operations)
            {
                WriteList(json, name, done, json.WriteNumberValue);
            }

            json.WriteEndObject();
            WriteList(
                json,
                "sockets",
                recording.Sockets.OrderBy(one => one.ToString(), StringComparer.Ordinal),
                Socket
            );
            WriteList(json, "paths", recording.Paths.Values, Path);
            WriteList(
                json,
                "endpoints",
                recording.Endpoints.OrderBy(one => one.ToString(), StringComparer.Ordinal),
                Endpoint
            );
            WriteList(
                json,
                "capabilities",
                recording.Capabilities,
                capability => json.WriteStringValue(CapabilityNames.NameOf(capability))
            );
            json.WriteNumber("unreadable", recording.Unreadable);
            json.WriteEndObject();

            void Socket(RecordedSocket socket)
            {
                json.WriteStartObject();
                json.WriteString("family", socket.Family.ToString());
                json.WriteString("type", socket.Type.ToString());
                json.WriteNumber("protocol", socket.Protocol);
                json.WriteEndObject();
            }

            void Path(RecordedPath path)
            {
                json.WriteStartObject();
                json.WriteString("path", path.Path);
                json.WriteString("access", path.Access.ToString());
                WriteIf(json, "missing", path.Missing);
                WriteIf(json, "device", path.Device);
                json.WriteEndObject();
            }

            void Endpoint(RecordedEndpoint endpoint)
            {
                json.WriteStartObject();
                json.WriteString("use", endpoint.Use.ToString());
                json.WriteString("family", endpoint.Family.ToString());
                json.WriteString("address", endpoint.Address);
                json.WriteNumber("port", endpoint.Port);
                json.WriteString("type", endpoint.Type.ToString());
                json.WriteEndObject();
            }
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Recording Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement json = document.RootElement;
            int version = json.GetProperty("version").GetInt32();
            return version == Version
                ? Read(json)
                : throw new FormatException($"version {version} of recordings is unknown (1 is known)");
        }
        catch (Exception wrong)
            when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"it is no recording: {wrong.Message}", wrong);
        }
    }

    private static Recording Read(JsonElement json) =>
        new()
        {
            Calls = json.GetProperty("calls")
                .EnumerateObject()
                .ToImmutableSortedDictionary(
                    call => Known(call.Name),
                    call => call.Value.GetInt64(),
                    StringComparer.Ordinal
                ),
            UnknownCalls = [.. List(json, "unknownCalls").Select(number => number.GetInt32())],
            Abis = [.. List(json, "abis").Select(Word<FilterAbi>)],
            Operations = json.GetProperty("operations")
                .EnumerateObject()
                .ToImmutableSortedDictionary(
                    call => Known(call.Name),
                    call => call.Value.EnumerateArray().Select(done => done.GetUInt64()).ToImmutableSortedSet(),
                    StringComparer.Ordinal
                ),
            Sockets =
            [
                .. List(json, "sockets")
                    .Select(one => new RecordedSocket(
                        Word<SocketFamily>(one.GetProperty("family")),
                        Word<SocketType>(one.GetProperty("type")),
                        one.GetProperty("protocol").GetInt32()
                    )),
            ],
            Paths = List(json, "paths")
                .Select(ReadPath)
                .ToImmutableSortedDictionary(path => path.Path, path => path, StringComparer.Ordinal),
            Endpoints =
            [
                .. List(json, "endpoints")
                    .Select(one => new RecordedEndpoint(
                        Word<EndpointUse>(one.GetProperty("use")),
                        Word<SocketFamily>(one.GetProperty("family")),
                        Text(one.GetProperty("address")),
                        one.GetProperty("port").GetInt32(),
                        Word<SocketType>(one.GetProperty("type"))
                    )),
            ],
            Capabilities = [.. List(json, "capabilities").Select(ReadCapability)],
            Unreadable = json.GetProperty("unreadable").GetInt64(),
        };

    private static RecordedPath ReadPath(JsonElement one)
    {
        string path = Text(one.GetProperty("path"));
        return path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal)
            ? new RecordedPath(path, Word<RecordedAccess>(one.GetProperty("access")))
            {
                Missing = one.TryGetProperty("missing", out JsonElement missing) && missing.GetBoolean(),
                Device = one.TryGetProperty("device", out JsonElement device) && device.GetBoolean(),
            }
            : throw new FormatException($"'{path}' is no absolute path");
    }

    private static Capability ReadCapability(JsonElement name) =>
        CapabilityNames.TryParse(Text(name), out Capability capability)
            ? capability
            : throw new FormatException($"'{Text(name)}' is no capability");

    private static string Known(string call) =>
        CallNumbers.Has(call) ? call : throw new FormatException($"'{call}' is no system call");

    private static T Word<T>(JsonElement text)
        where T : struct, Enum =>
        Enum.TryParse(Text(text), out T value)
            ? value
            : throw new FormatException($"'{Text(text)}' is no {typeof(T).Name}");

    private static string Text(JsonElement json) => json.GetString() ?? throw new FormatException("null is no text");

    private static JsonElement.ArrayEnumerator List(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateArray();

    private static void WriteIf(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
