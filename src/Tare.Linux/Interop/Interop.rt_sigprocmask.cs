using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>rt_sigprocmask(2): the calling thread's mask; sets are 8 bytes.</summary>
    internal static unsafe nint rt_sigprocmask(SignalMaskHow how, ulong set, out ulong previous)
    {
        previous = 0;

        // SAFETY: the set lies on the stack, the other is pinned; the size of both is passed.
        fixed (ulong* old = &previous)
        {
            return Call(Syscall.rt_sigprocmask, (nint)(int)how, (nint)(&set), (nint)old, sizeof(ulong));
        }
    }
}
