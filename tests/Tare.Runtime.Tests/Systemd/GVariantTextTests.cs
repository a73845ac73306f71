using Tare.Runtime.Systemd;

namespace Tare.Runtime.Tests.Systemd;

public sealed class GVariantTextTests
{
    [Theory]
    [InlineData("true", "b true")]
    [InlineData(" false ", "b false")]
    [InlineData("5", "i 5")]
    [InlineData("-5", "i -5")]
    [InlineData("0x10", "i 16")]
    [InlineData("5.5", "d 5.5")]
    [InlineData("uint64 123456789", "t 123456789")]
    [InlineData("@t 18446744073709551615", "t 18446744073709551615")]
    [InlineData("int64 -9", "x -9")]
    [InlineData("byte 0xff", "y 255")]
    [InlineData("int16 -1", "n -1")]
    [InlineData("uint16 1", "q 1")]
    [InlineData("uint32 4294967295", "u 4294967295")]
    [InlineData("double 2", "d 2")]
    [InlineData("'inactive-or-failed'", "s inactive-or-failed")]
    [InlineData("\"it's\"", "s it's")]
    [InlineData("'it\\'s'", "s it's")]
    [InlineData("objectpath '/a'", "o /a")]
    [InlineData("['a', 'b']", "as a b")]
    [InlineData("@as []", "as")]
    [InlineData("[uint32 1, 2]", "au 1 2")]
    [InlineData("@at [1]", "at 1")]
    public void A_value_is_read_with_its_type(string text, string value) =>
        Assert.Equal(value, GVariantText.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("'open")]
    [InlineData("five")]
    [InlineData("uint64")]
    [InlineData("uint64 -1")]
    [InlineData("uint64 'a'")]
    [InlineData("byte 256")]
    [InlineData("int32 2147483648")]
    [InlineData("5 6")]
    [InlineData("[]")]
    [InlineData("[1, 'a']")]
    [InlineData("['a'")]
    [InlineData("['a' 'b']")]
    [InlineData("@as 'a'")]
    [InlineData("@t [1]")]
    [InlineData("@a{sv} {}")]
    [InlineData("@v <5>")]
    [InlineData("(1, 2)")]
    [InlineData("'a\\x'")]
    [InlineData("'a\0'")]
    public void What_is_no_value_is_refused(string text) =>
        Assert.Throws<FormatException>(() => GVariantText.Parse(text));
}
