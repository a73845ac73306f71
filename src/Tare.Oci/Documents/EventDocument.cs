using System.Text.Json;

namespace Tare.Oci;

/// <summary>A line that <c>events</c> prints. runc's types/events.go.</summary>
public static class EventDocument
{
    /// <summary>What a container has used so far.</summary>
    /// <returns>One line of UTF-8 with its newline.</returns>
    public static byte[] WriteStatistics(string id, ContainerStatistics statistics) => Write("stats", id, statistics);

    /// <summary>Memory that a container needed was not to be had within its limit.</summary>
    /// <returns>One line of UTF-8 with its newline.</returns>
    public static byte[] WriteOutOfMemory(string id) => Write("oom", id, null);

    private static byte[] Write(string type, string id, ContainerStatistics? data) =>
        [
            .. JsonOutput.Make(
                (type, id, data),
                JsonLayout.Compact,
                static (Utf8JsonWriter json, (string Type, string Id, ContainerStatistics? Data) line) =>
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, line.Type);
                    json.WriteString("id"u8, line.Id);
                    if (line.Data is { } data)
                    {
                        json.WritePropertyName("data"u8);
                        StatisticsWriter.Write(json, data);
                    }

                    json.WriteEndObject();
                }
            ),
            (byte)'\n',
        ];
}
