using CsCheck;
using Tare.Runtime.DBus;

namespace Tare.Runtime.Tests.DBus;

/// <summary>Messages of D-Bus as bytes: what is written is read again, and what is damaged is refused and nothing else.</summary>
public sealed class DBusMessageTests
{
    // What is kept: messages whose damaged forms have each reached another part of the reader.
    private static readonly byte[][] Corpus =
    [
        Typical.Write(),
        (Typical with { Type = DBusMessageType.Signal, Signature = "uoss", Body = Body(WriteJob) }).Write(),
        (
            Typical with
            {
                Type = DBusMessageType.MethodReturn,
                ReplySerial = 7,
                Signature = "v",
                Body = Body(WriteVariant),
            }
        ).Write(),
        new DBusMessage
        {
            Type = DBusMessageType.Error,
            ErrorName = "a.b",
            Serial = uint.MaxValue,
        }.Write(),
        WithUnknownFields(),
    ];

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        Gen.Int[0, Corpus.Length - 1],
        Gen.Select(Gen.UInt, Gen.Byte).Array[0, 4],
        Gen.Int[-20, 3],
        static (seed, hits, longer) =>
        {
            byte[] bytes = (byte[])Corpus[seed].Clone();
            foreach ((uint place, byte value) in hits)
            {
                bytes[place % bytes.Length] = value;
            }

            Array.Resize(ref bytes, bytes.Length + longer);
            return bytes;
        }
    );

    private static DBusMessage Typical =>
        new()
        {
            Type = DBusMessageType.MethodCall,
            Serial = 2,
            Path = "/org/freedesktop/systemd1",
            Interface = "org.freedesktop.systemd1.Manager",
            Member = "StopUnit",
            Destination = "org.freedesktop.systemd1",
            Signature = "ss",
            Body = Body(writer =>
            {
                writer.WriteString("tare-ä.scope");
                writer.WriteString("replace");
            }),
        };

    [Fact]
    public void What_is_written_is_read_again()
    {
        byte[] bytes = Typical.Write();

        DBusMessage read = DBusMessage.Parse(bytes);

        Assert.Equal(Typical with { Body = default }, read with { Body = default });
        DBusReader body = new(read.Body.Span);
        Assert.Equal("tare-ä.scope", body.ReadString());
        Assert.Equal("replace", body.ReadString());
        Assert.True(body.IsAtEnd);
        Assert.Equal(bytes.Length, DBusMessage.LengthOf(bytes));
    }

    [Fact]
    public void Header_fields_that_nobody_needs_are_passed_over() =>
        Assert.Equal("/known", DBusMessage.Parse(WithUnknownFields()).Path);

    [Theory]
    [InlineData(0, (byte)'B', "big-endian")]
    [InlineData(0, (byte)'x', "does not begin")]
    [InlineData(3, (byte)2, "another version")]
    [InlineData(7, (byte)0xFF, "too long")]
    [InlineData(15, (byte)0x7F, "too long")]
    public void A_beginning_of_another_kind_is_refused(int at, byte value, string reason)
    {
        byte[] bytes = Typical.Write();
        bytes[at] = value;

        DBusException refused = Assert.Throws<DBusException>(() => DBusMessage.LengthOf(bytes));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_are_followed_only_so_deep()
    {
        byte[] bytes =
        [
            .. Enumerable.Repeat<byte[]>([1, (byte)'v', 0], 70).SelectMany(part => part),
            1,
            (byte)'y',
            0,
            5,
        ];

        Assert.Throws<DBusException>(() =>
        {
            DBusReader reader = new(bytes);
            ReadOnlySpan<char> type = "v";
            reader.Skip(ref type);
        });
    }

    [Fact]
    public void What_is_damaged_is_read_or_refused() =>
        Damaged.Sample(
            bytes =>
            {
                try
                {
                    DBusMessage message = DBusMessage.Parse(bytes);
                    DBusReader reader = new(message.Body.Span);
                    ReadOnlySpan<char> types = message.Signature;
                    while (!types.IsEmpty)
                    {
                        reader.Skip(ref types);
                    }
                }
                catch (DBusException e)
                {
                    Assert.Contains("EBADMSG", e.Message, StringComparison.Ordinal);
                }
            },
            iter: Chance.Iterations(20_000),
            time: Chance.Seconds
        );

    private static byte[] Body(Action<DBusWriter> write)
    {
        DBusWriter writer = new();
        write(writer);
        return writer.Bytes.ToArray();
    }

    private static void WriteJob(DBusWriter writer)
    {
        writer.WriteUInt32(1);
        writer.WriteString("/org/freedesktop/systemd1/job/1");
        writer.WriteString("a.scope");
        writer.WriteString("done");
    }

    private static void WriteVariant(DBusWriter writer) =>
        DBusVariant.Of([("/dev/block/8:0", 5ul), ("/dev/block/8:16", 6ul)]).Write(writer);

    // Two fields of numbers that are not given out, of types with containers in them, around one that is.
    private static byte[] WithUnknownFields()
    {
        DBusWriter writer = new();
        writer.WriteByte((byte)'l');
        writer.WriteByte(4);
        writer.WriteByte(0);
        writer.WriteByte(1);
        writer.WriteUInt32(0);
        writer.WriteUInt32(9);
        (int, int) fields = writer.BeginArray(8);
        writer.WriteByte(77);
        writer.WriteSignature("a{s(yv)}");
        (int, int) map = writer.BeginArray(8);
        writer.WriteString("key");
        writer.Align(8);
        writer.WriteByte(1);
        DBusVariant.Of(true).Write(writer);
        writer.EndArray(map);
        writer.Align(8);
        writer.WriteByte(1);
        writer.WriteSignature("o");
        writer.WriteString("/known");
        writer.Align(8);
        writer.WriteByte(78);
        writer.WriteSignature("aa{tx}");
        writer.EndArray(writer.BeginArray(4));
        writer.EndArray(fields);
        writer.Align(8);
        return writer.Bytes.ToArray();
    }
}
