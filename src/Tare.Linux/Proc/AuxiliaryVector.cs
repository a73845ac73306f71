using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What the kernel told a program about itself when it was started. getauxval(3), /proc/PID/auxv.</summary>
public static class AuxiliaryVector
{
    /// <summary>Reads that of a process of 64 bits. EACCES: no right to trace it.</summary>
    public static SysResult<IReadOnlyDictionary<AuxiliaryType, ulong>> Read(DirectoryFd process)
    {
        SysResult<byte[]> bytes = Files.ReadAllAt(process, "auxv", 1 << 16);
        return new(bytes.Ok ? Parse(bytes.Value) : new Dictionary<AuxiliaryType, ulong>(), bytes.Errno);
    }

    /// <summary>Takes the pairs of 64 bits apart, to that of the type AT_NULL.</summary>
    public static IReadOnlyDictionary<AuxiliaryType, ulong> Parse(ReadOnlySpan<byte> bytes)
    {
        Dictionary<AuxiliaryType, ulong> values = [];
        for (; bytes.Length >= 16; bytes = bytes[16..])
        {
            AuxiliaryType type = (AuxiliaryType)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (type == AuxiliaryType.AT_NULL)
            {
                break;
            }

            values[type] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        }

        return values;
    }
}
