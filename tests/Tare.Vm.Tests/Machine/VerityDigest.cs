using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tare.Vm.Tests.Machine;

/// <summary>The digest that fs-verity has for a file, worked out from its documentation: fsverity.rst, "File digest computation".</summary>
internal static class VerityDigest
{
    private const int Block = 4096;

    /// <summary>For a content of at most one block, SHA-256, no salt.</summary>
    public static string Of(ReadOnlySpan<byte> content)
    {
        Assert.InRange(content.Length, 1, Block);
        byte[] block = new byte[Block];
        content.CopyTo(block);

        // struct fsverity_descriptor: version, algorithm, log of the block's size, salt's size, 4 reserved, size, root's hash
        byte[] descriptor = new byte[256];
        descriptor[0] = 1;
        descriptor[1] = 1;
        descriptor[2] = 12;
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor.AsSpan(8), (ulong)content.Length);
        SHA256.HashData(block, descriptor.AsSpan(16));
        return Convert.ToHexStringLower(SHA256.HashData(descriptor));
    }
}
