using Tare.Cli.Reporting;

namespace Tare.Cli.Tests.Reporting;

public class PlainColumnsTests
{
    [Theory]
    [InlineData(null, " 1  漢字  x\n22  ab    y\n")]
    [InlineData(5, " 1  …\n22  …\n")]
    [InlineData(6, " 1  …\n22  a…\n")]
    [InlineData(7, " 1  漢…\n22  ab…\n")]
    [InlineData(1, "…\n…\n")]
    public void Lines_are_cut_and_set_by_columns_of_a_terminal_not_by_characters(int? width, string text)
    {
        PlainColumns table = new([true, false, false]);
        table.Add(["1", "漢字", "x"]);
        table.Add(["22", "ab", "y"]);

        Assert.Equal(text, table.Format(width));
    }

    [Fact]
    public void A_picture_is_not_cut_in_two()
    {
        PlainColumns table = new([false]);
        table.Add(["a😀😀b"]);

        Assert.Equal("a😀…\n", table.Format(5));
    }
}
