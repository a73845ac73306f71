using Tare.Cli.Watching;

namespace Tare.Cli.Tests.Watching;

public class HistoryTests
{
    [Fact]
    public void The_newest_value_is_at_the_right() => Assert.Equal(["  ▁▄█"], Of(1, 50, 100).Plot(5, 1, 100));

    [Fact]
    public void Several_lines_are_one_column_each_value() => Assert.Equal([" █", "██"], Of(50, 100).Plot(2, 2, 100));

    [Fact]
    public void What_is_above_the_top_fills_the_column() => Assert.Equal(["█"], Of(250).Plot(1, 1, 100));

    [Fact]
    public void Only_as_much_is_kept_as_can_be_shown()
    {
        History history = new();
        for (int i = 0; i < 2000; i++)
        {
            history.Add(i);
        }

        Assert.Equal(1999, history.Newest);
        Assert.Equal(1000, history.Plot(1000, 1, 1999)[0].Length);
    }

    private static History Of(params double[] values)
    {
        History history = new();
        foreach (double value in values)
        {
            history.Add(value);
        }

        return history;
    }
}
