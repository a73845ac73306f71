using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>readlinkat(2).</summary>
    internal static unsafe nint readlinkat(int directory, BytePath path, Span<byte> target)
    {
        // SAFETY: both are pinned during the call; the kernel writes at most the span's length.
        fixed (
            byte* name = path.Terminated,
                buffer = target
        )
        {
            return Call(Syscall.readlinkat, directory, (nint)name, (nint)buffer, target.Length);
        }
    }
}
