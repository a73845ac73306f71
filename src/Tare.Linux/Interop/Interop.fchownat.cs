using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fchownat(2).</summary>
    internal static unsafe nint fchownat(int directory, BytePath path, uint user, uint group, AtFlags flags)
    {
        // SAFETY: the bytes are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.fchownat, directory, (nint)name, (nint)user, (nint)group, (nint)(uint)flags);
        }
    }
}
