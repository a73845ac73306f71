using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class BinaryFormatTests
{
    private static readonly BinaryFormat Bytes = new("arm64", "/usr/bin/qemu-aarch64")
    {
        Magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 0],
        Mask = [0xff, 0xff, 0xff, 0xff, 0xfe],
        Offset = 3,
        Flags = BinaryFormatFlags.Credentials | BinaryFormatFlags.OpenProgram | BinaryFormatFlags.FixInterpreter,
    };

    private static readonly BinaryFormat Named = new("pictures", "/bin/show") { Extension = "png" };

    [Fact]
    public void Formats_are_written_as_the_kernel_takes_them()
    {
        Assert.Equal(
            @":arm64:M:3:\x7f\x45\x4c\x46\x00:\xff\xff\xff\xff\xfe:/usr/bin/qemu-aarch64:OCF",
            Encoding.UTF8.GetString(Bytes.ToLine())
        );
        Assert.Equal(":pictures:E::png::/bin/show:", Encoding.UTF8.GetString(Named.ToLine()));
        Assert.Equal(
            "|pictures|E||png||/a:b|P",
            Encoding.UTF8.GetString((Named with { Interpreter = "/a:b", Flags = BinaryFormatFlags.KeepArgv0 }).ToLine())
        );
    }

    [Fact]
    public void What_the_kernel_says_of_a_format_is_the_format()
    {
        Assert.Equal(
            Bytes,
            BinaryFormat.Parse(
                "arm64",
                "enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: OCF\noffset 3\nmagic 7f454c4600\nmask fffffffffe\n"
            )
        );
        Assert.Equal(
            Named with
            {
                IsEnabled = false,
                Interpreter = "/bin/show it",
            },
            BinaryFormat.Parse("pictures", "disabled\ninterpreter /bin/show it\nflags: \nextension .png\n")
        );
        Assert.Throws<FormatException>(() => BinaryFormat.Parse("none", "enabled\n"));
    }

    public static TheoryData<BinaryFormat> None =>
        [
            Named with
            {
                Name = "",
            },
            Named with
            {
                Name = "register",
            },
            Named with
            {
                Name = "a/b",
            },
            Named with
            {
                Interpreter = "show",
            },
            Named with
            {
                Interpreter = "/bin/show\n",
            },
            Named with
            {
                Interpreter = "/" + new string('a', 2000),
            },
            Named with
            {
                Extension = "",
            },
            Named with
            {
                Extension = "a/b",
            },
            Named with
            {
                Extension = null,
            },
            Named with
            {
                Magic = [1],
            },
            Named with
            {
                Mask = [1],
            },
            Named with
            {
                Flags = (BinaryFormatFlags)0x10,
            },
            Named with
            {
                Name = ":|,;!#%+=~",
            },
            Bytes with
            {
                Mask = [1],
            },
            Bytes with
            {
                Offset = -1,
            },
            Bytes with
            {
                Offset = 252,
            },
        ];

    [Theory]
    [MemberData(nameof(None))]
    public void What_is_no_format_is_a_bad_argument(BinaryFormat format) =>
        Assert.ThrowsAny<ArgumentException>(format.ToLine);

    [Fact]
    public void Where_none_are_mounted_the_error_says_so()
    {
        Assert.Equal(Errno.ENODEV, BinaryFormats.Open("/proc/self").Errno);
        Assert.Equal(Errno.ENOENT, BinaryFormats.Open("/nowhere").Errno);
    }
}
