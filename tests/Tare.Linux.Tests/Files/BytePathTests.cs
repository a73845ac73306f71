using System.Text;
using CsCheck;

namespace Tare.Linux.Tests;

public class BytePathTests
{
    [Fact]
    public void A_path_keeps_every_byte_and_ends_with_a_zero() =>
        Gen.Byte[1, 255]
            .Array.Sample(bytes =>
            {
                BytePath path = BytePath.FromBytes(bytes);
                return path.Bytes.SequenceEqual(bytes)
                    && path.Terminated.Length == bytes.Length + 1
                    && path.Terminated[^1] == 0
                    && path == BytePath.FromBytes(bytes);
            });

    [Fact]
    public void A_string_becomes_utf8()
    {
        BytePath path = "/ä";
        Assert.True(path.Bytes.SequenceEqual(Encoding.UTF8.GetBytes("/ä")));
        Assert.True(path.IsAbsolute);
        Assert.Equal("/ä", path.ToString());
    }

    [Fact]
    public void A_zero_inside_is_refused()
    {
        Assert.Throws<ArgumentException>(() => BytePath.FromString("a\0b"));
        Assert.Throws<ArgumentException>(() => BytePath.FromBytes([1, 0]));
    }

    [Fact]
    public void The_default_is_the_empty_path()
    {
        BytePath path = default;
        Assert.True(path.IsEmpty);
        Assert.True(path.Bytes.IsEmpty);
        Assert.Equal(BytePath.FromString(""), path);
        Assert.Equal(BytePath.FromString("").GetHashCode(), path.GetHashCode());
    }
}
