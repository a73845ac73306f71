using System.Buffers.Binary;
using Tare.Launch.Printing;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Printing;

public sealed class ArgumentWordsTests
{
    [Fact]
    public void Flags_are_joined_by_bars() =>
        Assert.Equal(
            "MS_BIND|MS_REC",
            ArgumentWords.Of(Syscall.mount, 3, Argument.Flags(MountFlags.MS_REC | MountFlags.MS_BIND))
        );

    [Fact]
    public void A_bit_without_a_name_makes_the_flags_hexadecimal() =>
        Assert.Equal(
            "0x4000000000001",
            ArgumentWords.Of(Syscall.mount, 3, Argument.Flags((MountFlags)0x4000000000001))
        );

    [Fact]
    public void No_flags_are_zero() =>
        Assert.Equal("0", ArgumentWords.Of(Syscall.mount, 3, Argument.Flags(MountFlags.None)));

    [Fact]
    public void A_null_pointer_is_told_from_a_zero()
    {
        Assert.Equal("NULL", ArgumentWords.Of(Syscall.mount, 2, Argument.Null));
        Assert.Equal("0", ArgumentWords.Of(Syscall.mount, 3, Argument.Null));
    }

    [Fact]
    public void Written_bytes_that_are_text_are_quoted() =>
        Assert.Equal("\"0\\n\"", ArgumentWords.Of(Syscall.write, 1, Argument.Struct("0\n"u8)));

    [Fact]
    public void Written_bytes_that_are_no_text_are_hexadecimal() =>
        Assert.Equal("0x00ff", ArgumentWords.Of(Syscall.write, 1, Argument.Struct([0, 255])));

    [Fact]
    public void Capability_sets_are_read_across_their_two_words()
    {
        // effective {CAP_CHOWN}, permitted {CAP_CHOWN, CAP_BPF (39)}, inheritable {}
        byte[] data = new byte[24];
        data[0] = 1;
        data[4] = 1;
        data[16] = 0x80;

        Assert.Equal(
            "{effective=CAP_CHOWN, permitted=CAP_CHOWN|CAP_BPF, inheritable=0}",
            ArgumentWords.Of(Syscall.capset, 1, Argument.Struct(data))
        );
    }

    [Fact]
    public void A_capability_header_shows_its_version()
    {
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x20080522);

        Assert.Equal("{version=0x20080522, pid=0}", ArgumentWords.Of(Syscall.capset, 0, Argument.Struct(header)));
    }

    [Fact]
    public void Clone_arguments_show_what_is_set()
    {
        byte[] arguments = new byte[88];
        BinaryPrimitives.WriteUInt64LittleEndian(arguments, 0x8000);
        BinaryPrimitives.WriteUInt64LittleEndian(arguments.AsSpan(32), 17);
        BinaryPrimitives.WriteUInt64LittleEndian(arguments.AsSpan(80), 9);

        Assert.Equal(
            "{flags=CLONE_PARENT, exit_signal=SIGCHLD, cgroup=9}",
            ArgumentWords.Of(Syscall.clone3, 0, Argument.Struct(arguments))
        );
    }

    [Fact]
    public void Mount_attributes_name_what_is_set_cleared_and_propagated()
    {
        byte[] attributes = new byte[32];
        attributes[0] = 3;
        attributes[8] = 8;
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(16), 1 << 18);

        Assert.Equal(
            "{attr_set=MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID, attr_clr=MOUNT_ATTR_NOEXEC, propagation=MS_PRIVATE}",
            ArgumentWords.Of(Syscall.mount_setattr, 3, Argument.Struct(attributes))
        );
    }

    [Fact]
    public void A_time_shows_seconds_and_nanoseconds()
    {
        byte[] time = new byte[16];
        time[0] = 2;
        time[8] = 5;

        Assert.Equal("{sec=2, nsec=5}", ArgumentWords.Of(Syscall.ppoll, 2, Argument.Struct(time)));
    }

    [Theory]
    [InlineData("0100" + "2f72756e2f7300", "{family=AF_UNIX, path=\"/run/s\"}")]
    [InlineData("0100" + "0061", "{family=AF_UNIX, path=\"@a\"}")]
    [InlineData("0200" + "1f90" + "7f000001" + "0000000000000000", "{family=AF_INET, port=8080, addr=127.0.0.1}")]
    [InlineData("1100" + "ff", "{family=17, data=0xff}")]
    public void Socket_addresses_are_read(string bytes, string expected) =>
        Assert.Equal(expected, ArgumentWords.Of(Syscall.connect, 1, Argument.Struct(Convert.FromHexString(bytes))));

    [Fact]
    public void Groups_are_a_list() =>
        Assert.Equal("[1, 1000]", ArgumentWords.Of(Syscall.setgroups, 1, Argument.Struct([1, 0, 0, 0, 0xe8, 3, 0, 0])));

    [Fact]
    public void Signal_sets_name_their_signals()
    {
        Assert.Equal(
            "{signals=SIGHUP|SIGPIPE}",
            ArgumentWords.Of(Syscall.rt_sigprocmask, 1, Argument.Struct([1, 0x10, 0, 0, 0, 0, 0, 0]))
        );
    }

    [Fact]
    public void A_struct_of_an_unexpected_size_is_hexadecimal() =>
        Assert.Equal("0x010203", ArgumentWords.Of(Syscall.openat2, 2, Argument.Struct([1, 2, 3])));
}
