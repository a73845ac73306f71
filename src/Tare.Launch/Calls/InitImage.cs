using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>
/// The program of a PID namespace's first process: it waits for ever. That is all it takes, because its SIGCHLD is
/// ignored, which makes the kernel itself take away the orphans that end. As an ELF executable of one page.
/// </summary>
/// <remarks>
/// The first process of a PID namespace gets no signal that it does not handle, so a program that is itself the first
/// could not be interrupted, and could not end itself by a signal. Source: pid_namespaces(7), elf(5).
/// </remarks>
public static class InitImage
{
    private const ulong LoadAddress = 0x400000;
    private const int HeaderSize = 64;
    private const int SegmentHeaderSize = 56;

    // mov eax, pause; syscall; jmp to the start
    private static ReadOnlySpan<byte> X64 => [0xB8, 34, 0, 0, 0, 0x0F, 0x05, 0xEB, 0xF7];

    // mov x0..x3, 0; mov x8, ppoll; svc 0; b to the start
    // csharpier-ignore
    private static ReadOnlySpan<byte> Arm64 =>
        [
            0x00, 0x00, 0x80, 0xD2, 0x01, 0x00, 0x80, 0xD2, 0x02, 0x00, 0x80, 0xD2, 0x03, 0x00, 0x80, 0xD2,
            0x28, 0x09, 0x80, 0xD2, 0x01, 0x00, 0x00, 0xD4, 0xFA, 0xFF, 0xFF, 0x17,
        ];

    /// <summary>The executable file for the processor that this process runs on.</summary>
    public static byte[] ForThisMachine() =>
        For(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64);

    /// <summary>The executable file.</summary>
    public static byte[] For(CpuArchitecture architecture)
    {
        ReadOnlySpan<byte> code = architecture == CpuArchitecture.Arm64 ? Arm64 : X64;
        int start = HeaderSize + SegmentHeaderSize;
        byte[] image = new byte[start + code.Length];
        Span<byte> header = image;
        "\u007fELF"u8.CopyTo(header);
        header[4] = 2; // 64 bits
        header[5] = 1; // little endian
        header[6] = 1; // version
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2); // an executable
        BinaryPrimitives.WriteUInt16LittleEndian(
            header[18..],
            (ushort)(architecture == CpuArchitecture.Arm64 ? 183 : 62)
        );
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], LoadAddress + (ulong)start);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], SegmentHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1);

        Span<byte> segment = header[HeaderSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1); // to be loaded
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5); // read and execute
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)image.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)image.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);
        code.CopyTo(header[start..]);
        return image;
    }
}
