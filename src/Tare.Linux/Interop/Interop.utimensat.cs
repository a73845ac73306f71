using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>utimensat(2); an empty path is the descriptor itself.</summary>
    internal static unsafe nint utimensat(
        int directory,
        BytePath path,
        TimeSpec access,
        TimeSpec modification,
        AtFlags flags
    )
    {
        TimeSpec* times = stackalloc TimeSpec[] { access, modification };

        // SAFETY: the times lie on this method's stack; the path is pinned and ends with a zero. The kernel only reads both
        // during the call; a null path is its own way of saying "the descriptor".
        fixed (byte* name = path.Terminated)
        {
            return Call(Syscall.utimensat, directory, path.IsEmpty ? 0 : (nint)name, (nint)times, (nint)(uint)flags);
        }
    }
}
