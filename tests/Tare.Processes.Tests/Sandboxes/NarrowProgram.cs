using System.Buffers.Binary;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>A static i386 program without a library: it asks for a UDP socket by socketcall(2), and ends with what came of it.</summary>
internal static class NarrowProgram
{
    /// <summary>What it ends with where there was a socket; the errno otherwise.</summary>
    public const int Made = 200;

    private const int Address = 0x0804_8000;
    private const int Start = 52 + 32;

    // mov eax, socketcall; mov ebx, SYS_SOCKET; mov ecx, arguments; int 0x80; test eax, eax; js refused; mov ebx, 200; jmp end;
    // refused: mov ebx, eax; neg ebx; end: mov eax, exit; int 0x80; and AF_INET, SOCK_DGRAM, 0.
    // csharpier-ignore
    private static ReadOnlySpan<byte> Code =>
        [
            0xB8, 102, 0, 0, 0, 0xBB, 1, 0, 0, 0, 0xB9, 0, 0, 0, 0, 0xCD, 0x80, 0x85, 0xC0, 0x78, 7, 0xBB, Made, 0, 0, 0, 0xEB, 4,
            0x89, 0xC3, 0xF7, 0xDB, 0xB8, 1, 0, 0, 0, 0xCD, 0x80,
            2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
        ];

    /// <summary>The executable file. elf(5).</summary>
    public static byte[] MakingASocket()
    {
        byte[] image = new byte[Start + Code.Length];
        Span<byte> header = image;
        "\u007fELF\u0001\u0001\u0001"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2); // an executable
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], 3); // i386
        Put(header, 20, 1);
        Put(header, 24, Address + Start);
        Put(header, 28, 52);
        BinaryPrimitives.WriteUInt16LittleEndian(header[40..], 52);
        BinaryPrimitives.WriteUInt16LittleEndian(header[42..], 32);
        BinaryPrimitives.WriteUInt16LittleEndian(header[44..], 1);
        Span<byte> segment = header[52..];
        Put(segment, 0, 1); // to be loaded
        Put(segment, 8, Address);
        Put(segment, 12, Address);
        Put(segment, 16, image.Length);
        Put(segment, 20, image.Length);
        Put(segment, 24, 5); // read and execute
        Put(segment, 28, 0x1000);
        Code.CopyTo(header[Start..]);
        Put(header, Start + 11, Address + Start + Code.Length - 12);
        return image;
    }

    private static void Put(Span<byte> to, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(to[at..], value);
}
