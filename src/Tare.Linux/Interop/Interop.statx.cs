using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>statx(2), Linux 4.11.</summary>
    internal static unsafe nint statx(int directory, BytePath path, AtFlags flags, StatXMask mask, out StatX status)
    {
        // SAFETY: the bytes are pinned and end with a zero; the kernel writes 256 bytes, the struct's size.
        fixed (byte* name = path.Terminated)
        fixed (StatX* result = &status)
        {
            return Call(Syscall.statx, directory, (nint)name, (nint)(uint)flags, (nint)(uint)mask, (nint)result);
        }
    }
}
