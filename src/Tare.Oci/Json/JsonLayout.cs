using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tare.Oci;

/// <summary>How a document is laid out. Text stays as it is where JSON allows, as people read these files.</summary>
public static class JsonLayout
{
    /// <summary>On one line, without spaces.</summary>
    public static JsonWriterOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Indented by tabs, as runc writes config.json.</summary>
    public static JsonWriterOptions Tabs { get; } = Indented('\t', 1);

    /// <summary>Indented by two spaces, as runc writes a state.</summary>
    public static JsonWriterOptions Spaces { get; } = Indented(' ', 2);

    private static JsonWriterOptions Indented(char character, int size) =>
        Compact with
        {
            Indented = true,
            IndentCharacter = character,
            IndentSize = size,
            NewLine = "\n",
        };
}
