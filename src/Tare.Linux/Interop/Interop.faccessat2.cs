using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>faccessat2(2).</summary>
    internal static unsafe nint faccessat2(int directory, BytePath path, AccessModes mode, AtFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.faccessat2, directory, (nint)name, (nint)(uint)mode, (nint)(uint)flags);
        }
    }
}
