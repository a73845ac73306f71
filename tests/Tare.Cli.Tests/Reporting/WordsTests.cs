namespace Tare.Cli.Tests.Reporting;

public class WordsTests
{
    [Theory]
    [InlineData(0.0000002, "0 µs")]
    [InlineData(0.000812, "812 µs")]
    [InlineData(0.00342, "3.42 ms")]
    [InlineData(1.5, "1.5 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(90_061, "25 h 01 min")]
    public void Times_are_told_in_a_fitting_unit(double seconds, string words) =>
        Assert.Equal(words, Words.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(512L << 20, "512 MiB")]
    [InlineData(3L << 29, "1.5 GiB")]
    public void Sizes_are_told_in_a_fitting_unit(long bytes, string words) => Assert.Equal(words, Words.Size(bytes));
}
