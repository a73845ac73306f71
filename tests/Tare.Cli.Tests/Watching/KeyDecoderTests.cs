using System.Text;
using Tare.Cli.Watching;

namespace Tare.Cli.Tests.Watching;

public class KeyDecoderTests
{
    [Fact]
    public void Keys_are_known_by_their_bytes() =>
        Assert.Equal(
            [
                new Key(KeyKind.Character, 'a'),
                new Key(KeyKind.Up),
                new Key(KeyKind.Down),
                new Key(KeyKind.PageUp),
                new Key(KeyKind.PageDown),
                new Key(KeyKind.Home),
                new Key(KeyKind.End),
                new Key(KeyKind.Enter),
                new Key(KeyKind.Backspace),
                new Key(KeyKind.Character, 'é'),
            ],
            Decode("a\e[A\eOB\e[5~\e[6~\e[1~\e[F\r\u007fé")
        );

    [Fact]
    public void Escape_alone_is_a_key() => Assert.Equal([new Key(KeyKind.Escape)], Decode("\e"));

    [Theory]
    [InlineData("\e[15~x")]
    [InlineData("\e[1;5Cx")]
    [InlineData("\e[?62;4cx")]
    [InlineData("\u0001x")]
    public void What_means_nothing_here_is_passed_over(string text) =>
        Assert.Equal([new Key(KeyKind.Character, 'x')], Decode(text));

    [Fact]
    public void A_character_can_come_in_two_parts()
    {
        KeyDecoder decoder = new();
        byte[] bytes = Encoding.UTF8.GetBytes("é");

        Assert.Empty(decoder.Decode(bytes.AsSpan(0, 1)));
        Assert.Equal([new Key(KeyKind.Character, 'é')], decoder.Decode(bytes.AsSpan(1)));
    }

    private static IReadOnlyList<Key> Decode(string text) => new KeyDecoder().Decode(Encoding.UTF8.GetBytes(text));
}
