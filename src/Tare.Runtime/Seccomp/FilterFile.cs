using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Runtime.Seccomp;

/// <summary>
/// The file of a compiled filter: a head, what it was compiled of, the program. Pure. What does not match to the last byte is
/// no file of that profile.
/// </summary>
internal static class FilterFile
{
    /// <summary>To be raised whenever the compiler makes another program of some profile; a test holds it to that.</summary>
    public const uint Version = 1;

    private const int HeadSize = 32;
    private const int InstructionSize = 8;
    private const ulong Magic = 0x3163_6573_6572_6174; // "taresec1"

    /// <summary>What a file is named by: a number of 64 bits that profiles hardly share. FNV-1a.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * 1_099_511_628_211;
        }

        return hash;
    }

    /// <summary>The file of a program.</summary>
    /// <param name="profile">The profile's text.</param>
    /// <param name="processor">What the program is for.</param>
    /// <param name="program">The program.</param>
    public static byte[] Write(
        ReadOnlySpan<byte> profile,
        CpuArchitecture processor,
        ReadOnlySpan<SocketFilter> program
    )
    {
        ReadOnlySpan<byte> instructions = MemoryMarshal.AsBytes(program);
        byte[] file = new byte[HeadSize + profile.Length + instructions.Length];
        WriteHead(file, profile.Length, processor, program.Length);
        profile.CopyTo(file.AsSpan(HeadSize));
        instructions.CopyTo(file.AsSpan(HeadSize + profile.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(HeadSize - 8), HashOf(instructions));
        return file;
    }

    /// <summary>The program of a file; null if the file is another's, of another version, or damaged.</summary>
    public static SocketFilter[]? Read(ReadOnlySpan<byte> file, ReadOnlySpan<byte> profile, CpuArchitecture processor)
    {
        int length = (file.Length - HeadSize - profile.Length) / InstructionSize;
        if (length is <= 0 or > Tare.Linux.Seccomp.MaximumLength)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[HeadSize];
        WriteHead(head, profile.Length, processor, length);
        ReadOnlySpan<byte> instructions = file[(HeadSize + profile.Length)..];
        BinaryPrimitives.WriteUInt64LittleEndian(head[(HeadSize - 8)..], HashOf(instructions));
        return
            instructions.Length == length * InstructionSize
            && file.StartsWith(head)
            && file[HeadSize..].StartsWith(profile)
            ? MemoryMarshal.Cast<byte, SocketFilter>(instructions).ToArray()
            : null;
    }

    private static void WriteHead(Span<byte> file, int profile, CpuArchitecture processor, int program)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(file, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(file[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(file[12..], (uint)processor);
        BinaryPrimitives.WriteUInt32LittleEndian(file[16..], (uint)profile);
        BinaryPrimitives.WriteUInt32LittleEndian(file[20..], (uint)program);
    }
}
