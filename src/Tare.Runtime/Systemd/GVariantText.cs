using System.Globalization;
using System.Text;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Systemd;

/// <summary>
/// Reads values in GVariant's text format, as annotations give them: truth values, numbers, strings, object paths, and arrays
/// of one of these. "uint64 5" and "@t 5" say the type; without, a number is an int32 or, with a point, a double.
/// </summary>
internal ref struct GVariantText
{
    private const int Longest = 4096;
    private ReadOnlySpan<char> rest;

    private GVariantText(string text) => rest = text;

    /// <summary>The value that the whole text is.</summary>
    /// <exception cref="FormatException">It is none, or one of another type.</exception>
    public static DBusVariant Parse(string text)
    {
        if (text.Length > Longest)
        {
            throw new FormatException($"is longer than {Longest} characters");
        }

        GVariantText reader = new(text);
        DBusVariant value = reader.ReadValue();
        reader.SkipSpace();
        return reader.rest.IsEmpty ? value : throw new FormatException($"has more behind its value: '{reader.rest}'");
    }

    private DBusVariant ReadValue()
    {
        SkipSpace();
        string type = ReadType();
        if (Takes('['))
        {
            return ReadArray(type);
        }

        return type.Length > 1 ? throw new FormatException($"is no value of type '{type}'") : ReadOne(type);
    }

    // A type in front, as a word or as a signature; nothing where there is none.
    private string ReadType()
    {
        ReadOnlySpan<char> word = PeekWord();
        if (word.Length > 1 && word[0] == '@')
        {
            string signature = word[1..].ToString();
            rest = rest[word.Length..];
            return
                signature.TrimStart('a') is [var basic]
                && "ybnqiuxtdsog".Contains(basic, StringComparison.Ordinal)
                && signature.Length <= 2
                ? signature
                : throw new FormatException($"has a type that properties are not given as here: '{signature}'");
        }

        string type = word switch
        {
            "boolean" => "b",
            "byte" => "y",
            "int16" => "n",
            "uint16" => "q",
            "int32" => "i",
            "uint32" => "u",
            "int64" => "x",
            "uint64" => "t",
            "double" => "d",
            "string" => "s",
            "objectpath" => "o",
            "signature" => "g",
            _ => "",
        };
        rest = type.Length > 0 ? rest[word.Length..] : rest;
        return type;
    }

    private DBusVariant ReadArray(string type)
    {
        if (type.Length == 1)
        {
            throw new FormatException("is an array and no single value");
        }

        string element = type.Length == 2 ? type[1..] : "";
        List<object> values = [];
        while (!Takes(']'))
        {
            if (values.Count > 0 && !Takes(','))
            {
                throw new FormatException("lacks a ',' between values or the ']' behind them");
            }

            SkipSpace();
            string own = ReadType();
            DBusVariant value = ReadOne(own.Length > 0 ? own : element);
            element = element.Length == 0 ? value.Signature : element;
            values.Add(
                value.Signature == element ? value.Value : throw new FormatException("has values of several types")
            );
        }

        return element.Length > 0
            ? new DBusVariant($"a{element}", values.ToArray())
            : throw new FormatException("is empty and has no type (write for instance '@as []')");
    }

    private DBusVariant ReadOne(string type)
    {
        SkipSpace();
        if (rest is ['\'' or '"', ..])
        {
            string text = ReadText();
            return type is "" or "s" or "o" or "g"
                ? new DBusVariant(type.Length > 0 ? type : "s", text)
                : throw new FormatException($"is text and no value of type '{type}'");
        }

        string word = PeekWord().ToString();
        rest = rest[word.Length..];
        object? value = (type, word) switch
        {
            ("" or "b", "true") => true,
            ("" or "b", "false") => false,
            ("", _) => Integer(word) is { } plain && plain == (int)plain ? (object)(int)plain : Real(word),
            ("d", _) => Real(word),
            ("t", _) => Unsigned(word),
            ("y", _) => Integer(word) is { } number && number == (byte)number ? (byte)number : null,
            ("n", _) => Integer(word) is { } number && number == (short)number ? (short)number : null,
            ("q", _) => Integer(word) is { } number && number == (ushort)number ? (ushort)number : null,
            ("i", _) => Integer(word) is { } number && number == (int)number ? (int)number : null,
            ("u", _) => Integer(word) is { } number && number == (uint)number ? (uint)number : null,
            ("x", _) => Integer(word),
            _ => null,
        };
        return value switch
        {
            null => throw new FormatException($"is no value{(type.Length > 0 ? $" of type '{type}'" : "")}: '{word}'"),
            bool => new DBusVariant("b", value),
            _ when type.Length > 0 => new DBusVariant(type, value),
            int => new DBusVariant("i", value),
            _ => new DBusVariant("d", value),
        };
    }

    private string ReadText()
    {
        char quote = rest[0];
        StringBuilder text = new();
        for (int i = 1; i < rest.Length; i++)
        {
            char c = rest[i];
            if (c == quote)
            {
                rest = rest[(i + 1)..];
                return text.ToString();
            }

            if (c == '\\' && i + 1 < rest.Length)
            {
                c = rest[++i] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    '\\' or '\'' or '"' => rest[i],
                    _ => throw new FormatException($"has an escape that is not known: '\\{rest[i]}'"),
                };
            }

            text.Append(c != 0 ? c : throw new FormatException("has a zero in it"));
        }

        throw new FormatException("lacks the quotation mark that ends its text");
    }

    private void SkipSpace() => rest = rest.TrimStart();

    private bool Takes(char c)
    {
        SkipSpace();
        if (rest.IsEmpty || rest[0] != c)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private readonly ReadOnlySpan<char> PeekWord()
    {
        int length = rest.IndexOfAny(" \t\n,]");
        return length < 0 ? rest : rest[..length];
    }

    private static long? Integer(string word)
    {
        bool negative = word.StartsWith('-');
        return Unsigned(negative ? word[1..] : word) is { } size && size <= long.MaxValue
            ? (negative ? -(long)size : (long)size)
            : null;
    }

    private static ulong? Unsigned(string word) =>
        word.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(
                word.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out ulong hex
            )
                ? hex
                : null
            : ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? number
                : null;

    private static double? Real(string word) =>
        double.TryParse(
            word,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out double number
        )
            ? number
            : null;
}
