using System.Text;

namespace Tare.Cli.Watching;

/// <summary>Keys from the bytes that a terminal sends for them. console_codes(4), ECMA-48.</summary>
internal sealed class KeyDecoder
{
    private const char Introducer = '\u001b';
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The keys of what was read at once; a terminal sends the bytes of a key together.</summary>
    public IReadOnlyList<Key> Decode(ReadOnlySpan<byte> bytes)
    {
        char[] text = new char[bytes.Length + 1];
        int count = decoder.GetChars(bytes, text, flush: false);
        ReadOnlySpan<char> rest = text.AsSpan(0, count);
        List<Key> keys = [];
        while (!rest.IsEmpty)
        {
            int used = rest[0] == Introducer ? Sequence(rest, keys) : Plain(rest[0], keys);
            rest = rest[used..];
        }

        return keys;
    }

    private static int Plain(char c, List<Key> keys)
    {
        switch (c)
        {
            case '\r' or '\n':
                keys.Add(new(KeyKind.Enter));
                break;
            case '\u007f' or '\b':
                keys.Add(new(KeyKind.Backspace));
                break;
            default:
                if (!char.IsControl(c))
                {
                    keys.Add(new(KeyKind.Character, c));
                }

                break;
        }

        return 1;
    }

    // ESC [ or ESC O, parameters, a letter or a tilde. Other sequences are passed over whole.
    private static int Sequence(ReadOnlySpan<char> text, List<Key> keys)
    {
        if (text.Length == 1 || text[1] is not ('[' or 'O'))
        {
            keys.Add(new(KeyKind.Escape));
            return 1;
        }

        int end = 2;
        while (end < text.Length && text[end] is >= '0' and <= '?')
        {
            end++;
        }

        if (end == text.Length)
        {
            return end;
        }

        KeyKind? kind = text[end] switch
        {
            'A' => KeyKind.Up,
            'B' => KeyKind.Down,
            'H' => KeyKind.Home,
            'F' => KeyKind.End,
            '~' => text[2..end] switch
            {
                "1" or "7" => KeyKind.Home,
                "4" or "8" => KeyKind.End,
                "5" => KeyKind.PageUp,
                "6" => KeyKind.PageDown,
                _ => null,
            },
            _ => null,
        };
        if (kind is { } known)
        {
            keys.Add(new(known));
        }

        return end + 1;
    }
}
