using System.Buffers.Binary;
using System.Text;

namespace Tare.Processes;

/// <summary>
/// What else the kernel opens to execute a file: the interpreter of a script, the loader of an ELF program. No system call
/// tells of it. execve(2), elf(5).
/// </summary>
internal static class ProgramInterpreter
{
    /// <summary>How much of a file's beginning is needed: the kernel reads 256 bytes of scripts; headers of ELF lie in a page.</summary>
    public const int HeadLength = 4096;

    private const uint InterpreterHeader = 3; // PT_INTERP

    /// <summary>The interpreter's path as the file gives it; null where it has none.</summary>
    /// <param name="head">The file's beginning.</param>
    public static string? Find(ReadOnlySpan<byte> head) =>
        head.StartsWith("#!"u8) ? OfScript(head[2..])
        : head.StartsWith("\u007fELF"u8) ? OfElf(head)
        : null;

    private static string? OfScript(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'\n');
        line = (end < 0 ? line[..Math.Min(line.Length, 254)] : line[..end]).Trim(" \t"u8);
        int space = line.IndexOfAny((byte)' ', (byte)'\t');
        line = space < 0 ? line : line[..space];
        return line.IsEmpty ? null : Encoding.UTF8.GetString(line);
    }

    // Little-endian, as all machines are that Tare runs on.
    private static string? OfElf(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64)
        {
            return null;
        }

        bool wide = head[4] == 2;
        ulong table = wide
            ? BinaryPrimitives.ReadUInt64LittleEndian(head[32..])
            : BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 54 : 42)..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 56 : 44)..]);
        for (int i = 0; i < count; i++)
        {
            ulong place = table + (ulong)(i * size);
            if (size < 32 || table > (ulong)head.Length || place + (ulong)size > (ulong)head.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> header = head.Slice((int)place, size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != InterpreterHeader)
            {
                continue;
            }

            ulong offset = wide
                ? BinaryPrimitives.ReadUInt64LittleEndian(header[8..])
                : BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            if (offset >= (ulong)head.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> text = head[(int)offset..];
            int zero = text.IndexOf((byte)0);
            return zero > 0 ? Encoding.UTF8.GetString(text[..zero]) : null;
        }

        return null;
    }
}
