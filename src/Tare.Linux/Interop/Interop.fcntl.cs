using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fcntl(2) with a struct that the kernel reads or writes.</summary>
    internal static unsafe nint fcntl<T>(int descriptor, FcntlCommand command, ref T argument)
        where T : unmanaged
    {
        // SAFETY: pinned during the call; each command that is made with it names a struct of the kernel's layout.
        fixed (T* address = &argument)
        {
            return Call(Syscall.fcntl, descriptor, (nint)(int)command, (nint)address);
        }
    }
}
