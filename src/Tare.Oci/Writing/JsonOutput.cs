using System.Buffers;
using System.Text.Json;

namespace Tare.Oci;

/// <summary>The small common parts of the hand-written documents.</summary>
public static class JsonOutput
{
    /// <summary>Makes a document: <paramref name="write"/> writes one value.</summary>
    /// <returns>UTF-8 without a byte order mark and without a newline at the end.</returns>
    public static byte[] Make<T>(T value, JsonWriterOptions layout, Action<Utf8JsonWriter, T> write)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using (Utf8JsonWriter json = new(buffer, layout))
        {
            write(json, value);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a property with a text, unless that is null.</summary>
    public static void WriteText(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Writes a property with true, unless it is false.</summary>
    public static void WriteFlag(this Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }

    /// <summary>Writes a property with a number, unless that is null.</summary>
    public static void WriteNumberIfAny(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    /// <summary>Writes a property with a number, unless that is zero.</summary>
    public static void WriteNumberUnlessZero(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    /// <summary>Writes a property with a number, unless that is zero.</summary>
    public static void WriteNumberUnlessZero(this Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    /// <summary>Writes a property with an array of strings, unless that is empty.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            json.WriteArray(name, values);
        }
    }

    /// <summary>Writes a property with an array of strings, empty or not.</summary>
    public static void WriteArray(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a property with a map of texts in the order of the keys' characters, unless that is empty.</summary>
    public static void WriteTextMap(
        this Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IReadOnlyDictionary<string, string> map
    )
    {
        if (map.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (string key in map.Keys.Order(StringComparer.Ordinal))
        {
            json.WriteString(key, map[key]);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a property with an array, each element by <paramref name="item"/>, unless that is empty.</summary>
    public static void WriteList<T>(
        this Utf8JsonWriter json,
        ReadOnlySpan<byte> name,
        IReadOnlyList<T> values,
        Action<Utf8JsonWriter, T> item
    )
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (T value in values)
        {
            item(json, value);
        }

        json.WriteEndArray();
    }
}
