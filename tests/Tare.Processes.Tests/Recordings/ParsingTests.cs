using System.Buffers.Binary;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Recordings;

public sealed class ParsingTests
{
    [Theory]
    [InlineData("#!/bin/sh\nrest", "/bin/sh")]
    [InlineData("#! /usr/bin/env python3\n", "/usr/bin/env")]
    [InlineData("#!/bin/sh", "/bin/sh")]
    [InlineData("#!\n", null)]
    [InlineData("", null)]
    [InlineData("plain text", null)]
    [InlineData("\u007fELF", null)]
    public void Interpreters_of_scripts_are_found(string head, string? interpreter) =>
        Assert.Equal(interpreter, ProgramInterpreter.Find(Encoding.UTF8.GetBytes(head)));

    [Fact]
    public void The_loader_of_an_ELF_program_is_found_and_one_outside_is_not()
    {
        byte[] head = new byte[512];
        "\u007fELF\u0002\u0001"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(56), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(64 + 56), 3);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(64 + 56 + 8), 300);
        "/lib/ld.so\0"u8.CopyTo(head.AsSpan(300));
        Assert.Equal("/lib/ld.so", ProgramInterpreter.Find(head));

        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(64 + 56 + 8), ulong.MaxValue);
        Assert.Null(ProgramInterpreter.Find(head));
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(32), ulong.MaxValue - 8);
        Assert.Null(ProgramInterpreter.Find(head));
    }

    [Fact]
    public void Addresses_are_taken_apart()
    {
        Assert.Equal(
            new SocketAddress(SocketFamily.AF_INET, "127.0.0.1", 258),
            SocketAddress.Parse([2, 0, 1, 2, 127, 0, 0, 1])
        );
        byte[] ipv6 = new byte[28];
        ipv6[0] = 10;
        ipv6[3] = 80;
        ipv6[23] = 1;
        Assert.Equal(new SocketAddress(SocketFamily.AF_INET6, "::1", 80), SocketAddress.Parse(ipv6));
        Assert.Equal(new SocketAddress(SocketFamily.AF_UNIX, "/a", 0), SocketAddress.Parse("\u0001\0/a\0x"u8));
        Assert.Equal(new SocketAddress(SocketFamily.AF_UNIX, "@a", 0), SocketAddress.Parse("\u0001\0\0a"u8));
        Assert.Equal(new SocketAddress(SocketFamily.AF_UNIX, "", 0), SocketAddress.Parse("\u0001\0"u8));
        Assert.Equal(new SocketAddress(SocketFamily.AF_INET, "", 0), SocketAddress.Parse([2, 0, 1]));
        Assert.Null(SocketAddress.Parse([2]));
    }
}
