using System.Text;
using System.Text.RegularExpressions;

namespace Tare.Fuzz.Fuzzing;

/// <summary>Makes other inputs of those that there are.</summary>
public sealed partial class Mutation(Random chance, IReadOnlyList<byte[]> corpus, bool isJson)
{
    private static readonly byte[][] Edges =
    [
        .. (
            (string[])
                [
                    "0",
                    "1",
                    "-1",
                    "4095",
                    "65536",
                    "4294967295",
                    "4294967296",
                    "9223372036854775807",
                    "18446744073709551615",
                    "1e9",
                    "0x7f",
                    "/",
                    "..",
                    "//",
                    "../../",
                    "/proc/self/fd/9",
                    "\0",
                    "\n",
                    "\t",
                    "\u001b[31m",
                    "\u2028",
                    "é🐳",
                    "{}",
                    "[]",
                    "null",
                    "\\u0000",
                    "\\ud800",
                    "\"",
                    "\\",
                    "=",
                    ":",
                    "--",
                    "-",
                ]
        ).Select(Encoding.UTF8.GetBytes),
        [0xff],
        [0xc0, 0x80],
    ];

    private readonly byte[][] _words = [.. Words(corpus), .. Edges];
    private readonly JsonMutation _json = new(chance);

    /// <summary>Another input.</summary>
    public byte[] Next()
    {
        byte[] input = corpus[chance.Next(corpus.Count)];
        byte[]? made = isJson && chance.Next(4) != 0 ? _json.Of(input, corpus[chance.Next(corpus.Count)]) : null;
        if (made is null)
        {
            made = input;
            for (int hits = 1 << chance.Next(5); hits > 0; hits--)
            {
                made = Hit(made);
            }
        }

        return made.Length <= Corpus.Longest ? made : made[..Corpus.Longest];
    }

    private byte[] Hit(byte[] text)
    {
        int at = chance.Next(text.Length + 1);
        int length = Math.Min(chance.Next(1, 32), text.Length - at);
        ReadOnlySpan<byte> before = text.AsSpan(0, at);
        ReadOnlySpan<byte> from = text.AsSpan(at);
        ReadOnlySpan<byte> after = text.AsSpan(at + length);
        return chance.Next(8) switch
        {
            0 => [.. before, .. after],
            1 => [.. before, (byte)chance.Next(256), .. from],
            2 => [.. before, .. Word(), .. from],
            3 => [.. before, .. Word(), .. after],
            4 => [.. before, .. text.AsSpan(at, length), .. from],
            5 => Flipped(text, at),
            6 => [.. before, .. Tail(corpus[chance.Next(corpus.Count)])],
            _ => [.. before, .. Middle(corpus[chance.Next(corpus.Count)]), .. after],
        };
    }

    private byte[] Flipped(byte[] text, int at)
    {
        byte[] flipped = [.. text];
        if (at < flipped.Length)
        {
            flipped[at] ^= (byte)(1 << chance.Next(8));
        }

        return flipped;
    }

    private byte[] Word() => _words[chance.Next(_words.Length)];

    private ReadOnlySpan<byte> Tail(byte[] other) => other.AsSpan(chance.Next(other.Length + 1));

    private ReadOnlySpan<byte> Middle(byte[] other)
    {
        int at = chance.Next(other.Length + 1);
        return other.AsSpan(at, Math.Min(chance.Next(64), other.Length - at));
    }

    private static IEnumerable<byte[]> Words(IEnumerable<byte[]> corpus) =>
        corpus
            .SelectMany(input => Pattern().Matches(Encoding.Latin1.GetString(input)).Select(match => match.Value))
            .Distinct()
            .Take(4096)
            .Select(Encoding.Latin1.GetBytes);

    [GeneratedRegex("\"[^\"\\\\]{1,40}\"|[A-Za-z_][A-Za-z_0-9-]{1,40}|[0-9]+|-+[a-z-]+")]
    private static partial Regex Pattern();
}
