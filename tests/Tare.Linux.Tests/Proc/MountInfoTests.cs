using System.Text;
using CsCheck;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MountInfoTests
{
    private static readonly Gen<byte[]> PathBytes = Gen.Byte[1, 255]
        .Array[0, 12]
        .Select(tail => (byte[])[(byte)'/', .. tail]);
    private static readonly Gen<string> Word = Gen.String[Gen.Char['a', 'z'], 1, 8];

    private static readonly Gen<MountEntry> Entry =
        from id in Gen.Int[0, int.MaxValue]
        from parent in Gen.Int[0, int.MaxValue]
        from major in Gen.UInt[0, 4095]
        from minor in Gen.UInt[0, 1 << 20]
        from root in PathBytes
        from mountPoint in PathBytes
        from options in Word
        from shared in Gen.Int[1, 1000].Nullable()
        from master in Gen.Int[1, 1000].Nullable()
        from unbindable in Gen.Bool
        from type in Word
        from source in Gen.OneOf(Word, Gen.Const(""), Gen.Const("//server/a share"))
        from super in Word
        select new MountEntry
        {
            Id = id,
            ParentId = parent,
            Device = new(major, minor),
            Root = BytePath.FromBytes(root),
            MountPoint = BytePath.FromBytes(mountPoint),
            Options = options,
            SharedGroup = shared,
            MasterGroup = master,
            Unbindable = unbindable,
            Type = type,
            Source = source,
            SuperOptions = super,
        };

    [Fact]
    public void What_is_written_as_the_kernel_writes_it_is_read_again() =>
        Entry
            .Array[0, 5]
            .Sample(entries =>
            {
                byte[] text = [.. entries.SelectMany(Write)];
                return MountInfo.Parse(text).SequenceEqual(entries);
            });

    [Fact]
    public void The_example_of_the_manual_page_is_read()
    {
        MountEntry entry = Assert.Single(
            MountInfo.Parse(
                "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 propagate_from:7 - ext3 /dev/root rw,errors=continue\n"u8
            )
        );
        Assert.Equal((36, 35), (entry.Id, entry.ParentId));
        Assert.Equal("98:0", entry.Device.ToString());
        Assert.Equal("/mnt1", entry.Root.ToString());
        Assert.Equal("/mnt 2", entry.MountPoint.ToString());
        Assert.True(entry.HasOption("noatime"));
        Assert.False(entry.HasOption("atime"));
        Assert.Null(entry.SharedGroup);
        Assert.Equal(1, entry.MasterGroup);
        Assert.Equal(7, entry.PropagateFromGroup);
        Assert.Equal(("ext3", "/dev/root"), (entry.Type, entry.Source));
        Assert.True(entry.HasSuperOption("errors=continue"));
        Assert.False(entry.IsReadOnly);
    }

    [Theory]
    [InlineData("36 35 98:0 / / rw ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / / rw -")]
    [InlineData("x 35 98:0 / / rw - ext3 a rw")]
    [InlineData("36 35 98 / / rw - ext3 a rw")]
    [InlineData("36 35 98: / / rw - ext3 a rw")]
    [InlineData("99999999999 35 98:0 / / rw - ext3 a rw")]
    [InlineData("36 35 98:0 /\\000 / rw - ext3 a rw")]
    [InlineData("36")]
    public void A_line_that_is_none_is_named(string line)
    {
        FormatException e = Assert.Throws<FormatException>(() =>
            MountInfo.Parse(Encoding.UTF8.GetBytes("1 0 0:1 / / rw - tmpfs a rw\n" + line))
        );
        Assert.StartsWith("mountinfo line 2: ", e.Message);
    }

    [Fact]
    public void No_bytes_break_the_parser() =>
        Gen.OneOf(Gen.Byte.Array, Entry.Select(Write).SelectMany(Mutated))
            .Sample(text => OnlyFormatErrors(() => MountInfo.Parse(text)));

    [Fact]
    public void Escapes_are_undone() =>
        Gen.Byte.Array.Sample(bytes => OctalEscapes.Decode(Escape(bytes)).AsSpan().SequenceEqual(bytes));

    [Theory]
    [InlineData("\\", "\\")]
    [InlineData("\\04", "\\04")]
    [InlineData("\\048", "\\048")]
    [InlineData("\\400", "\\400")]
    [InlineData("a\\134b", "a\\b")]
    public void What_is_no_escape_stays(string text, string decoded) =>
        Assert.Equal(decoded, Encoding.UTF8.GetString(OctalEscapes.Decode(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void The_own_mounts_are_read()
    {
        IReadOnlyList<MountEntry> mounts = MountInfo.Read().OrThrow("read");
        Assert.Contains(mounts, m => m.MountPoint == "/");
        Assert.Contains(mounts, m => m.Type == "proc" && m.MountPoint == "/proc");
        Assert.Equal(mounts.Count, MountInfo.Read(Environment.ProcessId).OrThrow("read").Count);
        Assert.Equal(Errno.ENOENT, MountInfo.Read(4_194_304).Errno);
    }

    internal static Gen<byte[]> Mutated(byte[] text) =>
        Gen.Select(Gen.Int[0, Math.Max(0, text.Length - 1)], Gen.Byte, Gen.Bool)
            .Select(
                (at, value, cut) =>
                {
                    byte[] copy = cut ? text[..at] : [.. text];
                    if (at < copy.Length)
                    {
                        copy[at] = value;
                    }

                    return copy;
                }
            );

    internal static bool OnlyFormatErrors(Action parse)
    {
        try
        {
            parse();
            return true;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static byte[] Write(MountEntry m)
    {
        StringBuilder tags = new();
        tags.Append(m.SharedGroup is int shared ? $" shared:{shared}" : "");
        tags.Append(m.MasterGroup is int master ? $" master:{master}" : "");
        tags.Append(m.Unbindable ? " unbindable" : "");
        return
        [
            .. Encoding.UTF8.GetBytes($"{m.Id} {m.ParentId} {m.Device} "),
            .. Escape(m.Root.Bytes),
            (byte)' ',
            .. Escape(m.MountPoint.Bytes),
            .. Encoding.UTF8.GetBytes($" {m.Options}{tags} - {m.Type} "),
            .. Escape(Encoding.UTF8.GetBytes(m.Source)),
            .. Encoding.UTF8.GetBytes($" {m.SuperOptions}\n"),
        ];
    }

    private static byte[] Escape(ReadOnlySpan<byte> bytes)
    {
        List<byte> escaped = [];
        foreach (byte b in bytes)
        {
            if (b is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\\' or (byte)'#')
            {
                escaped.AddRange(Encoding.ASCII.GetBytes("\\" + Convert.ToString(b, 8).PadLeft(3, '0')));
            }
            else
            {
                escaped.Add(b);
            }
        }

        return [.. escaped];
    }
}
