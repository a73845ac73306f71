using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tare.Cli.Inspecting;
using Tare.Cli.Listing;
using Tare.Cli.Watching;

namespace Tare.Cli.Observation;

/// <summary>How processes are written as JSON: code made at build time, which needs no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<ListedProcess>))]
[JsonSerializable(typeof(InspectionDocument))]
[JsonSerializable(typeof(WatchDocument))]
internal sealed partial class ProcessJson : JsonSerializerContext
{
    /// <summary>Indented, for whoever reads it.</summary>
    public static ProcessJson Readable { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
                WriteIndented = true,
                NewLine = "\n",
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    /// <summary>On one line.</summary>
    public static ProcessJson OneLine { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
