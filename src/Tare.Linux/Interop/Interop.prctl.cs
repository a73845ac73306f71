using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>prctl(2) with plain numbers; the arguments that an operation does not use must be zero.</summary>
    internal static nint prctl(PrctlOption option, nint a = 0, nint b = 0, nint c = 0, nint d = 0) =>
        Call(Syscall.prctl, (nint)(int)option, a, b, c, d);

    /// <summary>prctl(2) that writes an int.</summary>
    internal static unsafe nint prctl(PrctlOption option, out int value)
    {
        value = 0;

        // SAFETY: pinned during the call; the operations made with it write an int.
        fixed (int* address = &value)
        {
            return Call(Syscall.prctl, (nint)(int)option, (nint)address);
        }
    }

    /// <summary>prctl(2) that reads or writes bytes of a length known beforehand.</summary>
    internal static unsafe nint prctl(PrctlOption option, Span<byte> bytes)
    {
        // SAFETY: pinned during the call; PR_SET_NAME and PR_GET_NAME move 16 bytes, which callers provide.
        fixed (byte* address = bytes)
        {
            return Call(Syscall.prctl, (nint)(int)option, (nint)address);
        }
    }

    /// <summary>prctl(2), PR_SCHED_CORE with PR_SCHED_CORE_GET: a thread's cookie.</summary>
    internal static unsafe nint prctl_sched_core_get(int thread, out ulong cookie)
    {
        cookie = 0;

        // SAFETY: pinned during the call; the kernel writes an unsigned long.
        fixed (ulong* address = &cookie)
        {
            return Call(Syscall.prctl, (nint)(int)PrctlOption.PR_SCHED_CORE, 0, thread, 0, (nint)address);
        }
    }
}
