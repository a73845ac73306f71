using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Files that can never change again, whose every byte the kernel checks when it is read. fsverity of the kernel's documentation,
/// Linux 5.4; ext4, f2fs and btrfs. ENOTTY or EOPNOTSUPP: the file system, or the kernel, has no verity.
/// </summary>
public static class Verity
{
    /// <summary>
    /// Seals a file for good; writing to it is EPERM then. EEXIST: it is. ETXTBSY: somebody has it open to write. EACCES: the
    /// caller may not write to it. FS_IOC_ENABLE_VERITY.
    /// </summary>
    /// <param name="file">The file, open to read only.</param>
    /// <param name="algorithm">How it is hashed.</param>
    /// <param name="blockSize">How much is hashed at once, in bytes: a power of 2 from 1,024 to the size of a page.</param>
    public static SysResult Enable(
        FileFd file,
        VerityAlgorithm algorithm = VerityAlgorithm.FS_VERITY_HASH_ALG_SHA256,
        int blockSize = 4096
    )
    {
        using Borrowed descriptor = new(file);
        VerityEnabling enabling = new()
        {
            Version = 1,
            Algorithm = (uint)algorithm,
            BlockSize = (uint)blockSize,
        };
        nint raw;
        do
        {
            raw = Interop.ioctl(descriptor.Number, IoctlRequest.FS_IOC_ENABLE_VERITY, ref enabling);
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }

    /// <summary>
    /// What a sealed file's content has as its digest, at once however long it is: who knows it knows the content. ENODATA: it is
    /// not sealed. FS_IOC_MEASURE_VERITY.
    /// </summary>
    public static SysResult<(VerityAlgorithm Algorithm, byte[] Digest)> Measure(FileFd file)
    {
        using Borrowed descriptor = new(file);
        VerityDigest digest = new() { Size = 64 };
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.FS_IOC_MEASURE_VERITY, ref digest);
        return raw < 0
            ? Interop.Failed<(VerityAlgorithm, byte[])>(raw)
            : new((digest.Algorithm, ((ReadOnlySpan<byte>)digest.Bytes)[..digest.Size].ToArray()), Errno.None);
    }
}
