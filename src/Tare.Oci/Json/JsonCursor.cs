using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Tare.Oci;

/// <summary>
/// A walk over a JSON document, by hand: the one way in which Tare reads JSON that others wrote. It knows where it is, so
/// that every error names the property; it allocates nothing but what it returns.
/// </summary>
/// <remarks>
/// <para>The rules, for every document: at most <see cref="DocumentSize.Limit"/> bytes and <see cref="DepthLimit"/> levels;
/// UTF-8 with or without a byte order mark; one value, no comments, no trailing commas. Names are case-sensitive, and a name
/// that is a known one but for its case is an error (runc would take it). A known name given twice in an object is an error
/// (parsers differ in which one they take). Null is the same as absent. Strings hold no NUL, since the kernel would see an
/// end there. Numbers are whole and in range, or an error.</para>
/// <para>An object is read by <see cref="EnterObject"/>, then <see cref="NextProperty"/> until it is false, each time asking
/// <see cref="Is"/> for every known name in the same order, and taking the value or calling <see cref="Ignore"/>. An array
/// likewise by <see cref="EnterArray"/> and <see cref="NextElement"/>.</para>
/// </remarks>
public ref partial struct JsonCursor
{
    /// <summary>How deep objects and arrays may lie in each other.</summary>
    public const int DepthLimit = 64;

    private readonly ReadOnlySpan<byte> text;
    private readonly string document;
    private Utf8JsonReader reader;
    private Frame[] frames = new Frame[12];
    private int open;
    private ReadOnlySpan<byte> name;
    private ReadOnlySpan<byte> differsInCase;
    private int asked;
    private List<string>? declined;

    /// <summary>Checks the text as a whole and stands at its value.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="document">Its name, for errors: <c>config.json</c>.</param>
    /// <exception cref="OciFormatException">It is empty, too long, not UTF-8, or does not begin as JSON does.</exception>
    public JsonCursor(ReadOnlySpan<byte> utf8, string document)
    {
        DocumentSize.Check(utf8.Length, document);
        this.document = document;
        text = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthLimit });
        CheckEncoding();
        if (text.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new OciFormatException(document, "", "is empty (expected a JSON object)");
        }

        Advance();
    }

    /// <summary>The place in the text at which the present value begins.</summary>
    internal readonly int Start => (int)reader.TokenStartIndex;

    /// <summary>The text from a place on to the end of the value that was read last.</summary>
    internal readonly ReadOnlySpan<byte> TextFrom(int start) => text[start..(int)reader.BytesConsumed];

    /// <summary>Begins the object at which the cursor stands.</summary>
    public void EnterObject()
    {
        Expect(JsonTokenType.StartObject, "an object");
        Push(-1);
    }

    /// <summary>Goes to the next property that is not null, or ends the object.</summary>
    public bool NextProperty()
    {
        while (true)
        {
            Advance();
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                open--;
                return false;
            }

            ref Frame frame = ref frames[open - 1];
            frame.NameStart = (int)reader.TokenStartIndex + 1;
            frame.NameLength = reader.ValueSpan.Length;
            name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Text()) : reader.ValueSpan;
            differsInCase = default;
            asked = 0;
            Advance();
            if (reader.TokenType != JsonTokenType.Null)
            {
                return true;
            }
        }
    }

    /// <summary>Whether the property at which the cursor stands has this name. At most 64 names an object.</summary>
    /// <exception cref="OciFormatException">It has, and so had one before it in this object.</exception>
    public bool Is(ReadOnlySpan<byte> known)
    {
        ulong bit = 1UL << asked++;
        if (name.Length != known.Length)
        {
            return false;
        }

        if (!name.SequenceEqual(known))
        {
            if (Ascii.EqualsIgnoreCase(name, known))
            {
                differsInCase = known;
            }

            return false;
        }

        ref Frame frame = ref frames[open - 1];
        if ((frame.Seen & bit) != 0)
        {
            throw Error("is given twice (remove one)");
        }

        frame.Seen |= bit;
        return true;
    }

    /// <summary>Passes over the value of a property that is not known, as the specification's extensibility asks for.</summary>
    /// <exception cref="OciFormatException">The name is a known one but for upper and lower case.</exception>
    public void Ignore()
    {
        if (!differsInCase.IsEmpty)
        {
            throw Error($"is unknown (names are case-sensitive: write '{Encoding.UTF8.GetString(differsInCase)}')");
        }

        Skip();
    }

    /// <summary>Begins the array at which the cursor stands.</summary>
    public void EnterArray()
    {
        Expect(JsonTokenType.StartArray, "an array");
        Push(0);
        frames[open - 1].Index = -1;
    }

    /// <summary>Goes to the next element, null or not, or ends the array.</summary>
    public bool NextElement()
    {
        Advance();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            open--;
            return false;
        }

        frames[open - 1].Index++;
        return true;
    }

    /// <summary>Makes sure that nothing follows the value.</summary>
    public void End()
    {
        try
        {
            _ = reader.Read();
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
    }

    private void Skip()
    {
        try
        {
            reader.Skip();
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
    }

    private void Advance()
    {
        try
        {
            _ = reader.Read();
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
    }

    private void Push(int index)
    {
        if (open == frames.Length)
        {
            Array.Resize(ref frames, DepthLimit);
        }

        frames[open++] = new Frame { Index = index };
    }

    private readonly void CheckEncoding()
    {
        if (Utf8.IsValid(text))
        {
            return;
        }

        if (text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new OciFormatException(document, "", "is UTF-16 (save it as UTF-8)");
        }

        int start = 0;
        int line = 1;
        while (text[start..].IndexOf((byte)'\n') is int length and >= 0 && Utf8.IsValid(text.Slice(start, length)))
        {
            start += length + 1;
            line++;
        }

        throw new OciFormatException(document, "", "is not valid UTF-8 (save it as UTF-8)", line);
    }

    /// <summary>An open object or array: which name or index it is at, and the known names it had.</summary>
    private struct Frame
    {
        internal int NameStart;
        internal int NameLength;
        internal int Index;
        internal ulong Seen;
    }
}
