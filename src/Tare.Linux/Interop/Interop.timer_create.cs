using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>timer_create(2).</summary>
    internal static unsafe nint timer_create(int clock, SignalEvent how, out int timer)
    {
        timer = 0;

        // SAFETY: one lies on the stack, the other is pinned; the kernel writes an int.
        fixed (int* address = &timer)
        {
            return Call(Syscall.timer_create, clock, (nint)(&how), (nint)address);
        }
    }
}
