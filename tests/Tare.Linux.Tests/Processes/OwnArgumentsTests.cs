namespace Tare.Linux.Tests;

public sealed class OwnArgumentsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("program\0", 0)]
    [InlineData("program\0plain\0caf\u00c3\u00a9\0\u00ef\u00bf\u00bd\0", 0)]
    [InlineData("pro\u00ffgram\0plain\0", 0)]
    [InlineData("program\0\u00ff\0", 1)]
    [InlineData("program\0\0plain\0caf\u00e9\0\u00ff\0", 3)]
    [InlineData("program\0\u00c3", 1)]
    public void The_first_argument_that_is_no_utf8_is_found(string bytes, int number) =>
        Assert.Equal(number, OwnArguments.FindInvalid(System.Text.Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void A_character_that_stands_for_what_was_lost_may_be_meant() =>
        Assert.Equal(0, OwnArguments.FindAltered(["\uFFFD"]));
}
