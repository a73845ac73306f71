using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>
/// The smallest static program: an ELF header and two segments, code that can be read and executed, and data that can be
/// read and written, at fixed addresses. For this machine: an arm64 kernel's pages can have 16 or 64 KiB, and segments lie on pages of
/// their own. elf(5).
/// </summary>
internal static class ElfImage
{
    /// <summary>Where the file begins; the code follows its header, on the same page.</summary>
    public const ulong FileAddress = 0x0040_0000;

    /// <summary>Where its data lies.</summary>
    public const ulong DataAddress = 0x1000_0000;

    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private const int CodeOffset = (HeaderSize + (2 * SegmentSize) + 15) & -16;
    private const int Executable = 2;
    private const int Loaded = 1;
    private const uint ReadExecute = 5;
    private const uint ReadWrite = 6;

    private static readonly int Page = Environment.SystemPageSize;

    /// <summary>The program as a file.</summary>
    public static byte[] Write(CpuArchitecture architecture, ReadOnlySpan<byte> code, ReadOnlySpan<byte> data)
    {
        int dataOffset = Pages(CodeOffset + code.Length);
        byte[] image = new byte[dataOffset + data.Length];
        code.CopyTo(image.AsSpan(CodeOffset));
        data.CopyTo(image.AsSpan(dataOffset));

        Span<byte> header = image.AsSpan(0, HeaderSize);
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(header);
        Put16(header, 16, Executable);
        Put16(header, 18, architecture == CpuArchitecture.X64 ? (ushort)62 : (ushort)183);
        Put32(header, 20, 1);
        Put64(header, 24, FileAddress + CodeOffset);
        Put64(header, 32, HeaderSize);
        Put16(header, 52, HeaderSize);
        Put16(header, 54, SegmentSize);
        Put16(header, 56, 2);
        Segment(image.AsSpan(HeaderSize), ReadExecute, 0, FileAddress, CodeOffset + code.Length);
        Segment(image.AsSpan(HeaderSize + SegmentSize), ReadWrite, dataOffset, DataAddress, data.Length);
        return image;
    }

    private static void Segment(Span<byte> segment, uint flags, int offset, ulong address, int length)
    {
        Put32(segment, 0, Loaded);
        Put32(segment, 4, flags);
        Put64(segment, 8, (ulong)offset);
        Put64(segment, 16, address);
        Put64(segment, 24, address);
        Put64(segment, 32, (ulong)length);
        Put64(segment, 40, (ulong)length);
        Put64(segment, 48, (ulong)Page);
    }

    private static int Pages(int length) => (length + Page - 1) / Page * Page;

    private static void Put16(Span<byte> to, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(to[at..], value);

    private static void Put32(Span<byte> to, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(to[at..], value);

    private static void Put64(Span<byte> to, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(to[at..], value);
}
