using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>socketpair(2).</summary>
    internal static unsafe nint socketpair(SocketFamily family, SocketFlags type, out int first, out int second)
    {
        int* ends = stackalloc int[2];

        // SAFETY: two ints on the stack, which is what the kernel writes.
        nint raw = Call(Syscall.socketpair, (nint)(int)family, (nint)(uint)type, 0, (nint)ends);
        (first, second) = (ends[0], ends[1]);
        return raw;
    }
}
