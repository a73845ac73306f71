using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What a program's file gives to who executes it. capabilities(7), linux/capability.h, struct vfs_ns_cap_data.</summary>
/// <param name="Permitted">Given as permitted.</param>
/// <param name="Inheritable">Given as permitted where the thread has them inheritable.</param>
/// <param name="Effective">What is permitted is in force at once.</param>
/// <param name="RootId">Only in a user namespace whose root is this uid of the first one; 0 is everywhere. Version 3, Linux 4.14.</param>
public readonly record struct FileCapabilities(
    CapabilitySet Permitted,
    CapabilitySet Inheritable,
    bool Effective,
    uint RootId = 0
)
{
    private const string Name = "security.capability";
    private const uint Version2 = 0x0200_0000;
    private const uint Version3 = 0x0300_0000;
    private const int SizeOfVersion2 = 20;
    private const int SizeOfVersion3 = 24;

    /// <summary>Those of an open file; ENODATA where it has none. Not of one that was opened with O_PATH: EBADF.</summary>
    public static SysResult<FileCapabilities> Read(FileDescriptor file)
    {
        SysResult<byte[]> value = Files.GetAttribute(file, Name);
        return !value.Ok ? new(default, value.Errno)
            : Parse(value.Value) is { } known ? new(known, Errno.None)
            : new(default, Errno.EINVAL);
    }

    /// <summary>Gives an open file these; CAP_SETFCAP. EPERM in a user namespace that the file's owner is not mapped in.</summary>
    public SysResult Write(FileDescriptor file) => Files.SetAttribute(file, Name, Format());

    /// <summary>The attribute's value; version 2 where there is no root.</summary>
    public byte[] Format()
    {
        byte[] bytes = new byte[RootId == 0 ? SizeOfVersion2 : SizeOfVersion3];
        Put(bytes, 0, (RootId == 0 ? Version2 : Version3) | (Effective ? 1u : 0));
        Put(bytes, 4, (uint)Permitted.Bits);
        Put(bytes, 8, (uint)Inheritable.Bits);
        Put(bytes, 12, (uint)(Permitted.Bits >> 32));
        Put(bytes, 16, (uint)(Inheritable.Bits >> 32));
        if (RootId != 0)
        {
            Put(bytes, 20, RootId);
        }

        return bytes;
    }

    /// <summary>Reads an attribute's value; null where it is none of version 2 or 3.</summary>
    public static FileCapabilities? Parse(ReadOnlySpan<byte> value)
    {
        uint magic = value.Length >= 4 ? Get(value, 0) : 0;
        uint version = magic & 0xff00_0000;
        if (
            !(version == Version2 && value.Length == SizeOfVersion2)
            && !(version == Version3 && value.Length == SizeOfVersion3)
        )
        {
            return null;
        }

        return new(
            new CapabilitySet(Get(value, 4) | ((ulong)Get(value, 12) << 32)),
            new CapabilitySet(Get(value, 8) | ((ulong)Get(value, 16) << 32)),
            (magic & 1) != 0,
            version == Version3 ? Get(value, 20) : 0
        );
    }

    private static uint Get(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static void Put(Span<byte> bytes, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);
}
