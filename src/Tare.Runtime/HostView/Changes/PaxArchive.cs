using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// Writes a tar archive of the pax form. POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header".
/// System.Formats.Tar takes names and attributes as text; those of files are bytes, and stay so here.
/// </summary>
/// <param name="target">Where it is written to, from the present position on. Not owned.</param>
/// <param name="path">What that is called in errors.</param>
internal sealed class PaxArchive(FileFd target, string path)
{
    private const int Block = 512;
    private const int LongestName = 100;
    private const long LargestOctal = 0x1_FFFF_FFFF; // 11 octal digits
    private const uint LargestId = 0x1FFFFF; // 7 octal digits
    private readonly byte[] chunk = new byte[256 << 10];

    /// <summary>Adds a file.</summary>
    /// <param name="name">Its name: relative; of a directory without a slash behind.</param>
    /// <param name="facts">What it is.</param>
    /// <param name="link">Where a symbolic link leads, or the name in the archive of the file that this is another name of.</param>
    /// <param name="attributes">Extended attributes.</param>
    /// <param name="content">Its content; null where it has none.</param>
    public void Add(
        BytePath name,
        FileFacts facts,
        BytePath link = default,
        IReadOnlyDictionary<string, byte[]>? attributes = null,
        FileFd? content = null
    )
    {
        bool isHardLink = !link.IsEmpty && facts.Type != FileModes.S_IFLNK;
        long size = content is null ? 0 : facts.Size;
        byte[] full = facts.IsDirectory ? [.. name.Bytes, (byte)'/'] : name.Bytes.ToArray();
        List<byte> records = [];
        if (full.Length > LongestName)
        {
            AddRecord(records, "path", full);
        }

        if (link.Bytes.Length > LongestName)
        {
            AddRecord(records, "linkpath", link.Bytes);
        }

        if (size > LargestOctal)
        {
            AddRecord(records, "size", Ascii(size));
        }

        AddRecord(records, "mtime", Encoding.ASCII.GetBytes(facts.Modified.ToString()));
        AddId(records, "uid", facts.Uid);
        AddId(records, "gid", facts.Gid);
        foreach ((string attribute, byte[] value) in attributes ?? new Dictionary<string, byte[]>())
        {
            AddRecord(records, "SCHILY.xattr." + attribute, value);
        }

        Write(Header("././@PaxHeader"u8, default, 0, 0, 0, records.Count, default, 'x', []));
        Write([.. records]);
        Pad(records.Count);
        Write(
            Header(
                full,
                facts.Device,
                (uint)(facts.Mode & FileFacts.Permissions),
                facts.Uid,
                facts.Gid,
                size,
                facts.Modified,
                isHardLink ? '1' : TypeOf(facts.Type),
                link.Bytes
            )
        );
        if (content is not null)
        {
            Copy(content, size);
            Pad(size);
        }
    }

    /// <summary>Ends the archive.</summary>
    public void End() => Write(new byte[2 * Block]);

    private static char TypeOf(FileModes type) =>
        type switch
        {
            FileModes.S_IFDIR => '5',
            FileModes.S_IFLNK => '2',
            FileModes.S_IFCHR => '3',
            FileModes.S_IFBLK => '4',
            FileModes.S_IFIFO => '6',
            _ => '0',
        };

    private static byte[] Ascii(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static void AddId(List<byte> records, string key, uint id)
    {
        if (id > LargestId)
        {
            AddRecord(records, key, Ascii(id));
        }
    }

    // "LENGTH KEY=VALUE\n", where the length counts its own digits.
    private static void AddRecord(List<byte> records, string key, ReadOnlySpan<byte> value)
    {
        byte[] name = Encoding.UTF8.GetBytes($" {key}=");
        int rest = name.Length + value.Length + 1;
        int length = rest + Ascii(rest).Length;
        length = rest + Ascii(length).Length;
        records.AddRange(Ascii(length));
        records.AddRange(name);
        records.AddRange(value);
        records.Add((byte)'\n');
    }

    private static byte[] Header(
        ReadOnlySpan<byte> name,
        DeviceNumber device,
        uint mode,
        uint uid,
        uint gid,
        long size,
        FileTime modified,
        char type,
        ReadOnlySpan<byte> link
    )
    {
        byte[] header = new byte[Block];
        name[..Math.Min(name.Length, LongestName)].CopyTo(header);
        Octal(header, 100, 7, mode);
        Octal(header, 108, 7, Math.Min(uid, LargestId));
        Octal(header, 116, 7, Math.Min(gid, LargestId));
        Octal(header, 124, 11, Math.Min(size, LargestOctal));
        Octal(header, 136, 11, Math.Clamp(modified.Seconds, 0, LargestOctal));
        header[156] = (byte)type;
        link[..Math.Min(link.Length, LongestName)].CopyTo(header.AsSpan(157));
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        Octal(header, 329, 7, device.Major);
        Octal(header, 337, 7, device.Minor);

        // The sum counts its own field as spaces.
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte one in header)
        {
            sum += one;
        }

        Octal(header, 148, 6, sum);
        header[154] = 0;
        return header;
    }

    private static void Octal(byte[] header, int offset, int digits, long value)
    {
        for (int i = digits - 1; i >= 0; i--)
        {
            header[offset + i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    // As many bytes as the header says, whatever becomes of the file meanwhile.
    private void Copy(FileFd content, long size)
    {
        for (long offset = 0; offset < size; )
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, size - offset));
            int length = Files.ReadAt(content, part, offset).OrThrow("read what goes into", path);
            if (length == 0)
            {
                part.Clear();
                length = part.Length;
            }

            Write(part[..length]);
            offset += length;
        }
    }

    private void Pad(long size) => Write(new byte[(int)((Block - (size % Block)) % Block)]);

    private void Write(ReadOnlySpan<byte> bytes) => Files.WriteAll(target, bytes).OrThrow("write", path);
}
