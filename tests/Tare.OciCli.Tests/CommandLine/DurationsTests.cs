using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Tests;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("5s", 5)]
    [InlineData("100ms", 0.1)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData(".5s", 0.5)]
    [InlineData("2m0.5s", 120.5)]
    [InlineData("1000µs", 0.001)]
    [InlineData("0", 0)]
    public void Times_are_written_as_runc_takes_them(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out TimeSpan time));
        Assert.Equal(TimeSpan.FromSeconds(seconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("1s 2s")]
    [InlineData("999999999999h")]
    public void What_is_no_time_is_none(string text) => Assert.False(Durations.TryParse(text, out _));
}
