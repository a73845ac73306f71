using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>memfd_create(2).</summary>
    internal static unsafe nint memfd_create(BytePath path, MemFdFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.memfd_create, (nint)name, (nint)(uint)flags);
        }
    }
}
