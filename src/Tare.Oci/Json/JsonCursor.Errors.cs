using System.Text;
using System.Text.Json;

namespace Tare.Oci;

/// <content>Saying where, and what is wrong.</content>
public ref partial struct JsonCursor
{
    /// <summary>An error about the value at which the cursor stands; the caller throws it.</summary>
    /// <param name="problem">What is wrong and what to do, in one line.</param>
    public readonly OciFormatException Error(string problem) =>
        new(document, Path(), problem, LineAt((int)reader.TokenStartIndex));

    /// <summary>An error about a property that the object just left should have had; the caller throws it.</summary>
    /// <param name="property">Its name.</param>
    /// <param name="remedy">What to do.</param>
    public readonly OciFormatException Missing(string property, string remedy)
    {
        string path = Path();
        return new OciFormatException(
            document,
            path.Length == 0 ? property : $"{path}.{property}",
            $"is missing ({remedy})",
            LineAt((int)reader.TokenStartIndex)
        );
    }

    /// <summary>Where the cursor stands: <c>linux.namespaces[2].type</c>; empty at the top.</summary>
    public readonly string Path()
    {
        StringBuilder path = new();
        for (int i = 0; i < open; i++)
        {
            Frame frame = frames[i];
            if (frame.Index >= 0)
            {
                path.Append('[').Append(frame.Index).Append(']');
            }
            else if (frame.NameStart > 0)
            {
                AppendName(path, RawName(text.Slice(frame.NameStart, frame.NameLength)));
            }
        }

        return path.ToString();
    }

    private static void AppendName(StringBuilder path, string property)
    {
        foreach (char c in property)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                path.Append("['").Append(OneLine.Of(property)).Append("']");
                return;
            }
        }

        path.Append(path.Length > 0 ? "." : "").Append(OneLine.Of(property));
    }

    /// <summary>The name as it stands in the text, its escapes resolved where they can be.</summary>
    private static string RawName(ReadOnlySpan<byte> raw)
    {
        string property = Encoding.UTF8.GetString(raw);
        if (!property.Contains('\\', StringComparison.Ordinal))
        {
            return property;
        }

        Utf8JsonReader one = new(Encoding.UTF8.GetBytes('"' + property + '"'));
        try
        {
            _ = one.Read();
            return one.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return property;
        }
    }

    private readonly string Text()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("is not valid text (half of a surrogate pair after \\u)");
        }
    }

    private readonly void Expect(JsonTokenType type, string words)
    {
        if (reader.TokenType != type)
        {
            throw WrongType(words);
        }
    }

    private readonly OciFormatException WrongType(string expected) =>
        Error(
            $"expected {expected}, found "
                + reader.TokenType switch
                {
                    JsonTokenType.StartObject => "an object",
                    JsonTokenType.StartArray => "an array",
                    JsonTokenType.String => "a string",
                    JsonTokenType.Number => "a number",
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    _ => "null",
                }
        );

    private readonly OciFormatException OutOfRange(string range) =>
        Error($"expected a whole number from {range}, found {OneLine.Of(Encoding.UTF8.GetString(reader.ValueSpan))}");

    private readonly OciFormatException Malformed(JsonException exception)
    {
        int line = (int)(exception.LineNumber ?? 0);
        int column = (int)(exception.BytePositionInLine ?? 0);
        int offset = 0;
        for (int i = 0; i < line; i++)
        {
            offset += text[offset..].IndexOf((byte)'\n') + 1;
        }

        offset += column;
        bool opened = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        string problem;
        if (offset >= text.Length)
        {
            problem = "is not valid JSON: it ends too early (was it cut off?)";
        }
        else if (reader.CurrentDepth + (opened ? 1 : 0) >= DepthLimit && text[offset] is (byte)'{' or (byte)'[')
        {
            problem = $"has objects and arrays more than {DepthLimit} levels deep in each other";
        }
        else
        {
            Rune.DecodeFromUtf8(text[offset..], out Rune found, out _);
            problem = $"is not valid JSON: '{OneLine.Of(found.ToString())}' cannot stand at column {column + 1}";
        }

        return new OciFormatException(document, "", problem, line + 1);
    }

    private readonly int LineAt(int offset) => text[..offset].Count((byte)'\n') + 1;
}
