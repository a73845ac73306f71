namespace Tare.Cli.Tests.Observation;

public class VisibleTests
{
    [Theory]
    [InlineData("plain name", "plain name")]
    [InlineData("", "")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\e[2J", "\\x1b[2J")]
    [InlineData("a\u009bb", "a\\u009bb")]
    [InlineData("exe\u202etxt", "exe\\u202etxt")]
    [InlineData("größer 世界", "größer 世界")]
    public void What_could_do_harm_is_escaped(string text, string shown) => Assert.Equal(shown, Visible.Of(text));

    [Fact]
    public void A_message_cannot_be_turned_round() =>
        Assert.Equal("open 'exe?txt'", Log.OneLine("open 'exe\u202etxt'"));
}
