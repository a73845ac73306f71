using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>rt_sigaction(2): what is to happen on a signal, and what was before; the mask has 8 bytes.</summary>
    internal static unsafe nint rt_sigaction(Signal signal, in SignalAction action, out SignalAction previous)
    {
        // SAFETY: both structs are pinned and of the kernel's layout.
        fixed (SignalAction* next = &action)
        fixed (SignalAction* old = &previous)
        {
            return Call(Syscall.rt_sigaction, (nint)(int)signal, (nint)next, (nint)old, sizeof(ulong));
        }
    }

    /// <summary>rt_sigaction(2): what happens on a signal.</summary>
    internal static unsafe nint rt_sigaction(Signal signal, out SignalAction present)
    {
        // SAFETY: the struct is pinned and of the kernel's layout.
        fixed (SignalAction* old = &present)
        {
            return Call(Syscall.rt_sigaction, (nint)(int)signal, 0, (nint)old, sizeof(ulong));
        }
    }
}
