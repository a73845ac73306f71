using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>timerfd_settime(2); the former setting is not asked for.</summary>
    internal static unsafe nint timerfd_settime(int timer, int flags, TimerSpec setting)
    {
        // SAFETY: the argument's copy lies on the stack and is of the kernel's layout.
        return Call(Syscall.timerfd_settime, timer, flags, (nint)(&setting), 0);
    }
}
