using System.Buffers.Binary;
using System.Net;
using System.Text;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public sealed class LoginRecordTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void What_login_programs_write_is_read()
    {
        string text = _folder.Write(
            "text",
            """
            [7] [01234] [ts/0] [someone ] [pts/0       ] [far.example         ] [192.168.1.2    ] [2025-05-20T10:00:00,123456+00:00]
            [8] [01235] [ts/1] [        ] [pts/1       ] [                    ] [2001:db8::1    ] [2025-05-20T11:00:00,000000+00:00]
            [2] [00000] [~~  ] [reboot  ] [~           ] [6.1.0-9-amd64       ] [0.0.0.0        ] [2025-05-20T09:00:00,000000+00:00]

            """
        );
        string file = _folder.At("wtmp");
        Tool.Run(Require.Program("utmpdump"), "--reverse", "--output", file, text).ShouldSucceed();

        IReadOnlyList<LoginRecord> records = LoginRecord.ParseAll([.. File.ReadAllBytes(file), 1, 2, 3]);

        Assert.Equal(
            [
                new(
                    LoginRecordType.UserProcess,
                    1234,
                    "pts/0",
                    "ts/0",
                    "someone",
                    "far.example",
                    ExitStatus.Exited(0),
                    0,
                    new DateTimeOffset(2025, 5, 20, 10, 0, 0, 123, 456, TimeSpan.Zero),
                    IPAddress.Parse("192.168.1.2")
                ),
                new(
                    LoginRecordType.DeadProcess,
                    1235,
                    "pts/1",
                    "ts/1",
                    "",
                    "",
                    ExitStatus.Exited(0),
                    0,
                    new DateTimeOffset(2025, 5, 20, 11, 0, 0, TimeSpan.Zero),
                    IPAddress.Parse("2001:db8::1")
                ),
                new(
                    LoginRecordType.BootTime,
                    0,
                    "~",
                    "~~  ",
                    "reboot",
                    "6.1.0-9-amd64",
                    ExitStatus.Exited(0),
                    0,
                    new DateTimeOffset(2025, 5, 20, 9, 0, 0, TimeSpan.Zero),
                    null
                ),
            ],
            records
        );
    }

    [Theory]
    [InlineData(false, 384)]
    [InlineData(true, 400)]
    public void A_record_has_the_processors_layout(bool longTimes, int size)
    {
        byte[] record = new byte[size];
        BinaryPrimitives.WriteInt16LittleEndian(record, 8);
        record[332] = 9;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(336), 77);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(longTimes ? 344 : 340), 1_000_000_000);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(longTimes ? 352 : 344), 5);
        IPAddress.Loopback.TryWriteBytes(record.AsSpan(longTimes ? 360 : 348), out _);

        LoginRecord read = Assert.Single(LoginRecord.ParseAll(record, longTimes));

        Assert.Equal(
            (LoginRecordType.DeadProcess, ExitStatus.Killed(Signal.SIGKILL), 77),
            (read.Type, read.Status, read.Session)
        );
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000).AddMicroseconds(5), read.Time);
        Assert.Equal(IPAddress.Loopback, read.Address);
    }

    // Anybody who may write the file can have written anything.
    [Fact]
    public void Whatever_is_written_is_a_record()
    {
        byte[] file = new byte[100 * 400];
        new Random(1).NextBytes(file);
        Array.Fill(file, (byte)0xff, 0, 800);

        Assert.Equal(file.Length / 384, LoginRecord.ParseAll(file, longTimes: false).Count);
        Assert.Equal(file.Length / 400, LoginRecord.ParseAll(file, longTimes: true).Count);
        Assert.Empty(LoginRecord.ParseAll(file.AsSpan(0, 383), longTimes: false));
    }

    [Fact]
    public void The_last_login_of_a_user_is_read()
    {
        Require.Root();
        string program = Require.Program("lastlog");
        Directory.CreateDirectory(_folder.At("etc"));
        Directory.CreateDirectory(_folder.At("var", "log"));
        _folder.Write("etc/passwd", "root:x:0:0:root:/:/bin/sh\na:x:7:7::/:/bin/sh\n");
        string file = _folder.Write("var/log/lastlog", "");
        DateTimeOffset before = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Tool.Run(program, "--root", _folder.Path, "--user", "a", "--set").ShouldSucceed();

        LastLogin? last = LastLogin.Read(7, file).OrThrow("read");

        Assert.InRange(last!.Time, before, DateTimeOffset.UtcNow);
        Assert.Equal(("lastlog", "localhost"), (last.Line, last.Host));
        Assert.Null(LastLogin.Read(0, file).OrThrow("read"));
        Assert.Null(LastLogin.Read(4_000_000_000, file).OrThrow("read"));
        Assert.Equal(Errno.ENOENT, LastLogin.Read(0, _folder.At("missing")).Errno);
    }

    [Theory]
    [InlineData(false, 292)]
    [InlineData(true, 296)]
    public void A_last_login_has_the_processors_layout(bool longTimes, int size)
    {
        byte[] record = new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(record, 1_000_000_000);
        Encoding.ASCII.GetBytes("tty1", record.AsSpan(longTimes ? 8 : 4));
        Encoding.ASCII.GetBytes("far", record.AsSpan(longTimes ? 40 : 36));

        Assert.Equal(size, LastLogin.SizeOf(longTimes));
        Assert.Equal(
            new LastLogin(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000), "tty1", "far"),
            LastLogin.Parse(record, longTimes)
        );
    }

    public void Dispose() => _folder.Dispose();
}
