using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class OwnMappings
{
    /// <summary>
    /// Maps a file, or with MAP_ANONYMOUS memory; the result is where. EEXIST, with MAP_FIXED_NOREPLACE (Linux 4.17): something
    /// is there. The caller unmaps it. mmap(2).
    /// </summary>
    /// <param name="file">The file; null for anonymous memory.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="protection">What may be done.</param>
    /// <param name="flags">MAP_SHARED or MAP_PRIVATE, and how.</param>
    /// <param name="address">Where it should be, or must be; 0 leaves that to the kernel.</param>
    /// <param name="offset">Where in the file it begins: at a page's begin.</param>
    public static SysResult<nint> Map(
        FileDescriptor? file,
        nuint length,
        ProtectionFlags protection,
        MapFlags flags,
        nint address = 0,
        nint offset = 0
    )
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.Mmap(
            address,
            length,
            (int)protection,
            (int)flags,
            file is null ? -1 : descriptor.Number,
            offset
        );
        Errno errno = Interop.ErrnoOf(raw);
        if (errno == Errno.None && address != 0 && raw != address && (flags & MapFlags.MAP_FIXED_NOREPLACE) != 0)
        {
            // Before Linux 4.17 the flag was not known, and the address only advice.
            _ = Interop.Munmap(raw, length);
            return new(0, Errno.EEXIST);
        }

        return new(errno == Errno.None ? raw : 0, errno);
    }

    /// <summary>Takes mappings, or parts of them, away. munmap(2).</summary>
    public static SysResult Unmap(nint address, nuint length) => Interop.Result(Interop.Munmap(address, length));

    /// <summary>
    /// Changes what may be done with mappings, or parts of them. EACCES: the file was not opened for that, or
    /// <see cref="DenyWriteExecute"/> forbids it. EPERM: it is sealed. mprotect(2).
    /// </summary>
    public static SysResult Protect(nint address, nuint length, ProtectionFlags protection) =>
        Interop.Result(Interop.Mprotect(address, length, (int)protection));

    /// <summary>
    /// Makes a mapping longer or shorter, or moves it; the result is where it is. ENOMEM: it cannot grow there. mremap(2).
    /// </summary>
    /// <param name="address">Where it is.</param>
    /// <param name="length">How long it is, in bytes.</param>
    /// <param name="newLength">How long it is to be.</param>
    /// <param name="flags">
    /// Whether it may move, and must; with MREMAP_DONTUNMAP (Linux 5.7) empty memory stays where it was.
    /// </param>
    /// <param name="newAddress">Where to, with MREMAP_FIXED; what is there is unmapped.</param>
    public static SysResult<nint> Move(
        nint address,
        nuint length,
        nuint newLength,
        RemapFlags flags,
        nint newAddress = 0
    )
    {
        nint raw = Interop.Call(Syscall.mremap, address, (nint)length, (nint)newLength, (nint)(uint)flags, newAddress);
        Errno errno = Interop.ErrnoOf(raw);
        return new(errno == Errno.None ? raw : 0, errno);
    }
}
