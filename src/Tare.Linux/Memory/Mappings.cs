using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Memory of the process by pages. Addresses are numbers here; whoever dereferences them answers for it. mmap(2).</summary>
public static class Mappings
{
    /// <summary>Maps anonymous memory; the result is its address. Lengths are bytes, rounded up to pages.</summary>
    public static SysResult<nint> Map(
        nuint length,
        ProtectionFlags protection,
        MapFlags flags = MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS
    )
    {
        nint raw = Interop.Call(Syscall.mmap, 0, (nint)length, (nint)(uint)protection, (nint)(uint)flags, -1);
        return new(raw, Interop.ErrnoOf(raw));
    }

    /// <summary>Maps an open file; the mapping stays when the file is closed.</summary>
    public static SysResult<nint> Map(
        FileDescriptor file,
        long offset,
        nuint length,
        ProtectionFlags protection,
        MapFlags flags
    )
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.Call(
            Syscall.mmap,
            0,
            (nint)length,
            (nint)(uint)protection,
            (nint)(uint)flags,
            descriptor.Number,
            (nint)offset
        );
        return new(raw, Interop.ErrnoOf(raw));
    }

    /// <summary>Sets what may be done to memory. EACCES: a policy forbids it (writable, then executable). mprotect(2).</summary>
    public static SysResult Protect(nint address, nuint length, ProtectionFlags protection) =>
        Interop.Result(Interop.Call(Syscall.mprotect, address, (nint)length, (nint)(uint)protection));

    /// <summary>Gives memory back; nothing may use it any more. munmap(2).</summary>
    public static SysResult Unmap(nint address, nuint length) =>
        Interop.Result(Interop.Call(Syscall.munmap, address, (nint)length));
}
