using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>timer_settime(2), relative or, with 1, absolute.</summary>
    internal static unsafe nint timer_settime(int timer, int flags, TimerTimes times) =>
        // SAFETY: the struct lies on the stack.
        Call(Syscall.timer_settime, timer, flags, (nint)(&times), 0);

    /// <summary>timer_gettime(2).</summary>
    internal static unsafe nint timer_gettime(int timer, out TimerTimes times)
    {
        times = default;

        // SAFETY: pinned during the call; the struct is the kernel's of 64 bits.
        fixed (TimerTimes* address = &times)
        {
            return Call(Syscall.timer_gettime, timer, (nint)address);
        }
    }
}
