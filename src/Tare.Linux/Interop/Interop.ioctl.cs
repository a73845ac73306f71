using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>ioctl(2) with a plain number, or nothing, as argument.</summary>
    internal static nint ioctl(int descriptor, IoctlRequest request, nint argument = 0) =>
        Call(Syscall.ioctl, descriptor, (nint)(uint)request, argument);

    /// <summary>ioctl(2) with a struct that the kernel reads or writes.</summary>
    internal static unsafe nint ioctl<T>(int descriptor, IoctlRequest request, ref T argument)
        where T : unmanaged
    {
        // SAFETY: pinned during the call; each request that is made with it names a struct of the kernel's size.
        fixed (T* address = &argument)
        {
            return Call(Syscall.ioctl, descriptor, (nint)(uint)request, (nint)address);
        }
    }
}
