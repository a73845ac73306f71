using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>How a file's content is hashed. linux/fsverity.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum VerityAlgorithm : ushort
{
    FS_VERITY_HASH_ALG_SHA256 = 1,
    FS_VERITY_HASH_ALG_SHA512 = 2,
}
#pragma warning restore CS1591

/// <summary>struct fsverity_enable_arg. linux/fsverity.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct VerityEnabling
{
    internal uint Version;
    internal uint Algorithm;
    internal uint BlockSize;
    internal uint SaltSize;
}

/// <summary>struct fsverity_digest, with room for the longest. linux/fsverity.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VerityDigest
{
    internal VerityAlgorithm Algorithm;
    internal ushort Size;
    internal Content Bytes;

    [InlineArray(64)]
    internal struct Content
    {
        private byte _first;
    }
}
