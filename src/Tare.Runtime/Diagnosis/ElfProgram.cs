using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Tare.Runtime.Containers;

namespace Tare.Runtime.Diagnosis;

/// <summary>What is wrong with an ELF file as a program for this machine. elf(5).</summary>
internal static class ElfProgram
{
    private const int HeaderSize = 64;
    private const int Machine = 18;
    private const int ProgramHeaders = 32;
    private const int ProgramHeaderSize = 54;
    private const int ProgramHeaderCount = 56;
    private const int Interpreter = 3;

    // e_machine by its number. The list is that of the architectures that Debian has, or had.
    private static readonly Dictionary<ushort, string> Machines = new()
    {
        [3] = "x86 (32 bits)",
        [8] = "MIPS",
        [20] = "PowerPC",
        [21] = "PowerPC (64 bits)",
        [22] = "IBM Z",
        [40] = "ARM (32 bits)",
        [62] = "x86_64",
        [183] = "aarch64",
        [243] = "RISC-V",
        [258] = "LoongArch",
    };

    /// <summary>What is wrong; null where nothing is seen.</summary>
    public static string? Problem(RootDirectory root, string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || bytes[5] != 1)
        {
            return $"'{path}' is cut off or is an ELF file of another byte order";
        }

        ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[Machine..]);
        (ushort own, string name) =
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? ((ushort)183, "aarch64")
                : ((ushort)62, "x86_64");
        if (machine != own && !(machine == 3 && own == 62))
        {
            string other = Machines.TryGetValue(machine, out string? known) ? known : $"machine {machine}";
            return $"'{path}' is a program for {other}, and this machine is {name}: use one built for it, "
                + "or install qemu-user-static";
        }

        return Loader(bytes) is { } loader && !root.Status(loader).Ok
            ? $"the dynamic loader '{loader}' that '{path}' needs is missing"
            : null;
    }

    private static string? Loader(ReadOnlySpan<byte> bytes)
    {
        // 64-bit files only: what is said of others is their machine.
        if (bytes[4] != 2)
        {
            return null;
        }

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(bytes[ProgramHeaders..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ProgramHeaderSize..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ProgramHeaderCount..]);
        for (int i = 0; i < count; i++)
        {
            ulong at = table + ((ulong)i * (ulong)size);
            if (size < 56 || at > (ulong)(bytes.Length - 56))
            {
                return null;
            }

            ReadOnlySpan<byte> header = bytes[(int)at..];
            if (BinaryPrimitives.ReadInt32LittleEndian(header) == Interpreter)
            {
                ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
                ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
                return offset < (ulong)bytes.Length && length > 1 && length <= (ulong)bytes.Length - offset
                    ? Encoding.UTF8.GetString(bytes.Slice((int)offset, (int)length - 1))
                    : null;
            }
        }

        return null;
    }
}
