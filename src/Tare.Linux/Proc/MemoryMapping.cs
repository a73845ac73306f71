using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A piece of an address space. /proc/PID/maps, proc_pid_maps(5).</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="Protection">What may be done.</param>
/// <param name="IsShared">MAP_SHARED: others see what is written.</param>
/// <param name="Offset">Where in the file it begins, in bytes.</param>
/// <param name="Device">Where the file lies.</param>
/// <param name="Inode">The file; 0 is none.</param>
/// <param name="Name">A path as the process sees it, a name in brackets, or empty.</param>
public sealed record MemoryMapping(
    ulong Start,
    ulong End,
    ProtectionFlags Protection,
    bool IsShared,
    ulong Offset,
    DeviceNumber Device,
    ulong Inode,
    string Name
)
{
    private const string DeletedMark = " (deleted)";

    /// <summary>The size in bytes.</summary>
    public ulong Length => End - Start;

    /// <summary>It shows a file, whose name has been removed.</summary>
    public bool IsDeleted => Inode != 0 && Name.EndsWith(DeletedMark, StringComparison.Ordinal);

    /// <summary>The file's path as the process sees it, without the mark of a deleted one; null where it shows no file.</summary>
    public string? FilePath =>
        Inode == 0 ? null
        : IsDeleted ? Name[..^DeletedMark.Length]
        : Name;

    /// <summary>All of a process, in rising order; none for a kernel's thread. EACCES: no right to trace it.</summary>
    public static SysResult<IReadOnlyList<MemoryMapping>> ReadAll(DirectoryFd process)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process, "maps", 1 << 28);
        return new(text.Ok ? ParseAll(text.Value) : [], text.Errno);
    }

    /// <summary>Takes the lines apart.</summary>
    /// <exception cref="FormatException">A line is something else.</exception>
    public static IReadOnlyList<MemoryMapping> ParseAll(ReadOnlySpan<byte> text)
    {
        List<MemoryMapping> mappings = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            if (!text[range].IsEmpty)
            {
                mappings.Add(Parse(text[range]));
            }
        }

        return mappings;
    }

    /// <summary>Takes a line apart.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static MemoryMapping Parse(ReadOnlySpan<byte> line)
    {
        TextFields fields = new(line);
        (ulong start, ulong end) = Pair(fields.Next(), (byte)'-');
        ReadOnlySpan<byte> permissions = fields.Next();
        ulong offset = ProcText.Hex(fields.Next());
        (ulong major, ulong minor) = Pair(fields.Next(), (byte)':');
        ulong inode = fields.NextUInt64();
        if (permissions.Length != 4 || end < start || major > uint.MaxValue || minor > uint.MaxValue)
        {
            throw new FormatException($"'{TextFields.Printable(line)}' is no mapping");
        }

        ProtectionFlags protection =
            (permissions[0] == 'r' ? ProtectionFlags.PROT_READ : 0)
            | (permissions[1] == 'w' ? ProtectionFlags.PROT_WRITE : 0)
            | (permissions[2] == 'x' ? ProtectionFlags.PROT_EXEC : 0);
        return new(
            start,
            end,
            protection,
            permissions[3] is (byte)'s' or (byte)'S',
            offset,
            new((uint)major, (uint)minor),
            inode,
            ProcText.String(OctalEscapes.Decode(fields.Rest.TrimStart((byte)' ')))
        );
    }

    private static (ulong First, ulong Second) Pair(ReadOnlySpan<byte> field, byte separator)
    {
        int at = field.IndexOf(separator);
        return at < 0
            ? throw new FormatException($"'{TextFields.Printable(field)}' where two numbers were expected")
            : (ProcText.Hex(field[..at]), ProcText.Hex(field[(at + 1)..]));
    }
}
