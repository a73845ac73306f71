using System.Globalization;
using CsCheck;
using Tare.Cli.CommandLine;

namespace Tare.Cli.Tests.CommandLine;

public class QuantitiesTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("65536", 65536)]
    [InlineData("512k", 512 << 10)]
    [InlineData("512K", 512 << 10)]
    [InlineData("1.5m", (1 << 20) + (1 << 19))]
    [InlineData("1GiB", 1 << 30)]
    [InlineData("2gb", 2L << 30)]
    [InlineData("1t", 1L << 40)]
    public void Sizes_are_numbers_with_units_of_1024(string text, long bytes) =>
        Assert.Equal(bytes, Quantities.Size("--memory", text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0k")]
    [InlineData("0.1")]
    [InlineData("-1m")]
    [InlineData("+1m")]
    [InlineData("m")]
    [InlineData("1 m")]
    [InlineData("1x")]
    [InlineData("1.2.3m")]
    [InlineData("1,5m")]
    [InlineData("99999999999t")]
    [InlineData("99999999999999999999999999999999")]
    public void What_is_no_size_is_refused_and_named(string text)
    {
        UsageException e = Assert.Throws<UsageException>(() => Quantities.Size("--memory", text));

        Assert.StartsWith($"--memory: '{text}' is ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    public void Times_are_numbers_with_units(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Quantities.Time("--timeout", text));

    [Theory]
    [InlineData("0")]
    [InlineData("-1s")]
    [InlineData("1w")]
    [InlineData("s")]
    [InlineData("99999999999999d")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.Throws<UsageException>(() => Quantities.Time("--timeout", text));

    [Theory]
    [InlineData("0")]
    [InlineData("0.001")]
    [InlineData("-1")]
    [InlineData("two")]
    [InlineData("1k")]
    public void What_is_no_number_of_processors_is_refused(string text) =>
        Assert.Throws<UsageException>(() => Quantities.Processors("--cpus", text));

    [Fact]
    public void Every_whole_number_of_bytes_is_read_as_it_is() =>
        Gen.Long[1, 1L << 60]
            .Sample(bytes => Quantities.Size("--memory", bytes.ToString(CultureInfo.InvariantCulture)) == bytes);

    [Fact]
    public void No_text_makes_anything_but_a_value_or_an_error() =>
        Gen.String[0, 12]
            .Sample(text =>
            {
                try
                {
                    return Quantities.Size("--memory", text) > 0 && Quantities.Time("--timeout", text) > TimeSpan.Zero;
                }
                catch (UsageException)
                {
                    return true;
                }
            });
}
