using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    internal static nint Mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset) =>
        Call(Syscall.mmap, address, (nint)length, protection, flags, descriptor, offset);

    internal static nint Mprotect(nint address, nuint length, int protection) =>
        Call(Syscall.mprotect, address, (nint)length, protection);

    internal static nint Munmap(nint address, nuint length) => Call(Syscall.munmap, address, (nint)length);
}
