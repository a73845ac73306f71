using System.Text.Json;

namespace Tare.Oci;

/// <content>Taking values.</content>
public ref partial struct JsonCursor
{
    /// <summary>The paths that <see cref="Decline()"/> has recorded.</summary>
    public readonly IReadOnlyList<string> Declined => declined ?? (IReadOnlyList<string>)[];

    /// <summary>Whether the value is null. Of a property it never is: those are passed over.</summary>
    public readonly bool IsNull => reader.TokenType == JsonTokenType.Null;

    /// <summary>Takes a string, which may be empty.</summary>
    public readonly string ReadString()
    {
        Expect(JsonTokenType.String, "a string");
        if (reader.ValueSpan.IsEmpty)
        {
            return "";
        }

        string value = Text();
        return value.Contains('\0', StringComparison.Ordinal)
            ? throw Error("holds a NUL character (the kernel would take it for the end)")
            : value;
    }

    /// <summary>Takes a string; an empty one asks for nothing.</summary>
    public readonly string? ReadStringOrNull()
    {
        string value = ReadString();
        return value.Length > 0 ? value : null;
    }

    /// <summary>Takes a string that is not empty.</summary>
    public readonly string ReadNonEmptyString()
    {
        string value = ReadString();
        return value.Length > 0 ? value : throw Error("is empty");
    }

    /// <summary>Takes true or false.</summary>
    public readonly bool ReadBoolean() =>
        reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => throw WrongType("true or false"),
        };

    /// <summary>Takes a whole number between two bounds, both included.</summary>
    public readonly long ReadInt64(long min = long.MinValue, long max = long.MaxValue)
    {
        Expect(JsonTokenType.Number, "a number");
        return reader.TryGetInt64(out long value) && value >= min && value <= max
            ? value
            : throw OutOfRange($"{min} to {max}");
    }

    /// <summary>Takes a whole number of 64 bits without a sign.</summary>
    public readonly ulong ReadUInt64()
    {
        Expect(JsonTokenType.Number, "a number");
        return reader.TryGetUInt64(out ulong value) ? value : throw OutOfRange($"0 to {ulong.MaxValue}");
    }

    /// <summary>Takes a whole number of 32 bits without a sign.</summary>
    public readonly uint ReadUInt32() => (uint)ReadInt64(0, uint.MaxValue);

    /// <summary>Takes a whole number of 32 bits.</summary>
    public readonly int ReadInt32() => (int)ReadInt64(int.MinValue, int.MaxValue);

    /// <summary>Takes an array, each element by <paramref name="item"/>.</summary>
    public IReadOnlyList<T> ReadList<T>(JsonItem<T> item)
    {
        EnterArray();
        List<T>? list = null;
        while (NextElement())
        {
            (list ??= []).Add(item(ref this));
        }

        return list ?? (IReadOnlyList<T>)[];
    }

    /// <summary>Takes an array of strings.</summary>
    public IReadOnlyList<string> ReadStrings() => ReadList(static (ref JsonCursor json) => json.ReadString());

    /// <summary>Takes an object whose entries are all of one kind.</summary>
    /// <exception cref="OciFormatException">A key is empty.</exception>
    public IReadOnlyList<T> ReadEntries<T>(JsonEntry<T> entry)
    {
        EnterObject();
        List<T>? entries = null;
        while (NextProperty())
        {
            string key = System.Text.Encoding.UTF8.GetString(name);
            if (key.Length == 0 || key.Contains('\0', StringComparison.Ordinal))
            {
                throw Error("has an empty key or one with a NUL character");
            }

            (entries ??= []).Add(entry(ref this, key));
        }

        return entries ?? (IReadOnlyList<T>)[];
    }

    /// <summary>Takes an object whose values are all strings.</summary>
    /// <exception cref="OciFormatException">A value is no string, or a key is empty or given twice.</exception>
    public IReadOnlyDictionary<string, string> ReadTextMap()
    {
        EnterObject();
        Dictionary<string, string>? map = null;
        while (NextProperty())
        {
            string key = System.Text.Encoding.UTF8.GetString(name);
            if (key.Length == 0 || key.Contains('\0', StringComparison.Ordinal))
            {
                throw Error("has an empty key or one with a NUL character");
            }

            string value = ReadString();
            if (!(map ??= new Dictionary<string, string>(StringComparer.Ordinal)).TryAdd(key, value))
            {
                throw Error("is given twice (remove one)");
            }
        }

        return map ?? NoText.Map;
    }

    /// <summary>
    /// Passes over the value of a known property that is not carried, and records its path in <see cref="Declined"/> if it
    /// asks for something: if it is neither false, zero nor empty, nor an object of such values only.
    /// </summary>
    public void Decline()
    {
        if (AsksForSomething())
        {
            (declined ??= []).Add(Path());
        }
    }

    /// <summary>Records a path that is not carried though its property is: <c>mounts[1].options (idmap)</c>.</summary>
    public void Decline(string property, string value) =>
        (declined ??= []).Add($"{Path()}.{property} ({OneLine.Of(value)})");

    private bool AsksForSomething()
    {
        int depth = reader.CurrentDepth;
        bool asks = AsksByItself();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return asks;
        }

        bool inNewArray = reader.TokenType == JsonTokenType.StartArray;
        do
        {
            Advance();
            asks |= AsksByItself() || (inNewArray && reader.TokenType != JsonTokenType.EndArray);
            inNewArray = reader.TokenType == JsonTokenType.StartArray;
        } while (reader.CurrentDepth > depth);

        return asks;
    }

    private readonly bool AsksByItself() =>
        reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.String => !reader.ValueSpan.IsEmpty,
            JsonTokenType.Number => reader.ValueSpan.ContainsAnyInRange((byte)'1', (byte)'9'),
            _ => false,
        };
}
