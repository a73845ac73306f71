using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>pidfd_send_signal(2) with a siginfo.</summary>
    internal static unsafe nint pidfd_send_signal(int process, Signal signal, QueuedSignal info)
    {
        // SAFETY: the struct is the argument's copy on the stack and of the kernel's layout and size.
        return Call(Syscall.pidfd_send_signal, process, (nint)(int)signal, (nint)(&info));
    }
}
