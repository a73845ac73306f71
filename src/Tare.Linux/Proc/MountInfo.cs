using System.Buffers.Text;
using System.Text;

namespace Tare.Linux;

/// <summary>The mounts of a mount namespace, as far as a process's root shows them. proc_pid_mountinfo(5).</summary>
public static class MountInfo
{
    /// <summary>The most that is read: some hundred thousand mounts.</summary>
    private const int Limit = 64 << 20;

    /// <summary>The mounts that the calling thread sees, in the order in which they were mounted.</summary>
    public static SysResult<IReadOnlyList<MountEntry>> Read() => Read("/proc/thread-self/mountinfo");

    /// <summary>The mounts that a process sees. ENOENT: there is no such process; EINVAL: it is ending.</summary>
    public static SysResult<IReadOnlyList<MountEntry>> Read(int processId) => Read($"/proc/{processId}/mountinfo");

    /// <summary>The mounts that a mountinfo file lists.</summary>
    /// <exception cref="FormatException">It is no mountinfo.</exception>
    public static SysResult<IReadOnlyList<MountEntry>> Read(BytePath path)
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, path, Limit);
        return new(text.Ok ? Parse(text.Value) : [], text.Errno);
    }

    /// <summary>Takes the text apart, a line per mount.</summary>
    /// <exception cref="FormatException">A line is no entry of a mountinfo; the message has its number.</exception>
    public static IReadOnlyList<MountEntry> Parse(ReadOnlySpan<byte> text)
    {
        List<MountEntry> entries = [];
        int number = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            number++;
            if (text[range].IsEmpty)
            {
                continue;
            }

            try
            {
                entries.Add(ParseLine(text[range]));
            }
            catch (FormatException e)
            {
                throw new FormatException($"mountinfo line {number}: {e.Message}", e);
            }
        }

        return entries;
    }

    /// <summary>Takes one line apart: fields, optional fields, a hyphen, three more fields.</summary>
    /// <exception cref="FormatException">It is no entry of a mountinfo.</exception>
    internal static MountEntry ParseLine(ReadOnlySpan<byte> line)
    {
        TextFields fields = new(line);
        int id = fields.NextInt32();
        int parentId = fields.NextInt32();
        DeviceNumber device = Device(fields.Next());
        BytePath root = Path(fields.Next());
        BytePath mountPoint = Path(fields.Next());
        string options = Encoding.UTF8.GetString(fields.Next());
        int? shared = null;
        int? master = null;
        int? from = null;
        bool unbindable = false;
        while (true)
        {
            ReadOnlySpan<byte> field = fields.Next();
            if (field.SequenceEqual("-"u8))
            {
                break;
            }

            if (field.IsEmpty)
            {
                throw new FormatException("no hyphen after the optional fields");
            }

            // Tags that are not known here may come with a later kernel; proc_pid_mountinfo(5) asks to pass them over.
            unbindable |= field.SequenceEqual("unbindable"u8);
            shared = Tagged(field, "shared:"u8) ?? shared;
            master = Tagged(field, "master:"u8) ?? master;
            from = Tagged(field, "propagate_from:"u8) ?? from;
        }

        string type = Encoding.UTF8.GetString(fields.Next());
        if (type.Length == 0)
        {
            throw new FormatException("no type of file system");
        }

        // An empty source leaves two blanks in a row, and then one field less.
        ReadOnlySpan<byte> first = fields.Next();
        ReadOnlySpan<byte> second = fields.Next();
        ReadOnlySpan<byte> source = second.IsEmpty ? [] : first;
        ReadOnlySpan<byte> super = second.IsEmpty ? first : second;
        return new()
        {
            Id = id,
            ParentId = parentId,
            Device = device,
            Root = root,
            MountPoint = mountPoint,
            Options = options,
            SharedGroup = shared,
            MasterGroup = master,
            PropagateFromGroup = from,
            Unbindable = unbindable,
            Type = type,
            Source = Encoding.UTF8.GetString(OctalEscapes.Decode(source)),
            SuperOptions = Encoding.UTF8.GetString(super),
        };
    }

    private static BytePath Path(ReadOnlySpan<byte> field)
    {
        byte[] bytes = OctalEscapes.Decode(field);
        return bytes.Length == 0 || bytes.AsSpan().Contains((byte)0)
            ? throw new FormatException("no path where one was expected")
            : BytePath.FromBytes(bytes);
    }

    private static DeviceNumber Device(ReadOnlySpan<byte> field)
    {
        int colon = field.IndexOf((byte)':');
        return
            colon > 0
            && Utf8Parser.TryParse(field[..colon], out uint major, out int used)
            && used == colon
            && Utf8Parser.TryParse(field[(colon + 1)..], out uint minor, out used)
            && used == field.Length - colon - 1
            ? new(major, minor)
            : throw new FormatException($"'{TextFields.Printable(field)}' where a device was expected");
    }

    private static int? Tagged(ReadOnlySpan<byte> field, ReadOnlySpan<byte> tag) =>
        field.StartsWith(tag)
        && Utf8Parser.TryParse(field[tag.Length..], out int group, out int used)
        && used == field.Length - tag.Length
            ? group
            : null;
}
