using CsCheck;

namespace Tare.Oci.Tests;

public class Rfc3339Tests
{
    [Theory]
    [InlineData(0, "2026-01-02T03:04:05Z")]
    [InlineData(1, "2026-01-02T03:04:05.0000001Z")]
    [InlineData(5_000_000, "2026-01-02T03:04:05.5Z")]
    [InlineData(1_230_000, "2026-01-02T03:04:05.123Z")]
    public void A_second_has_as_many_digits_as_it_needs(long ticks, string text) =>
        Assert.Equal(text, Rfc3339.Write(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(ticks)));

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", 0)]
    [InlineData("2026-01-02T05:34:05+02:30", 0)]
    [InlineData("2026-01-02T03:04:05.5Z", 5_000_000)]
    [InlineData("2026-01-02T03:04:05.123456789Z", 1_234_567)]
    [InlineData("2026-01-01T19:04:05.123456789123-08:00", 1_234_567)]
    public void What_go_writes_is_read(string text, long ticks)
    {
        Assert.True(Rfc3339.TryRead(text, out DateTimeOffset instant));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(ticks), instant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02 03:04:05Z")]
    [InlineData("2026-13-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.Z")]
    [InlineData("2026-01-02T03:04:05.xZ")]
    [InlineData("2026-01-02T03:04:05Z ")]
    [InlineData(".")]
    public void What_is_no_time_is_not_read(string text) => Assert.False(Rfc3339.TryRead(text, out _));

    [Fact]
    public void Any_instant_survives_being_written_and_read() =>
        Gen.DateTimeOffset.Sample(instant =>
            Rfc3339.TryRead(Rfc3339.Write(instant), out DateTimeOffset back) && back == instant
        );
}
