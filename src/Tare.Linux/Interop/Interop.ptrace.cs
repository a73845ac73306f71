using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>ptrace(2) with numbers.</summary>
    internal static nint ptrace(TraceRequest request, int thread, nint address = 0, nint data = 0) =>
        Call(Syscall.ptrace, (nint)(int)request, thread, address, data);

    /// <summary>ptrace(2), PTRACE_GET_SYSCALL_INFO and PTRACE_SET_SYSCALL_INFO.</summary>
    internal static unsafe nint ptrace(TraceRequest request, int thread, ref TracedCall call)
    {
        // SAFETY: pinned during the call, and its size is passed.
        fixed (TracedCall* address = &call)
        {
            return Call(Syscall.ptrace, (nint)(int)request, thread, sizeof(TracedCall), (nint)address);
        }
    }

    /// <summary>ptrace(2), PTRACE_GETEVENTMSG.</summary>
    internal static unsafe nint ptrace(int thread, out ulong message)
    {
        message = 0;

        // SAFETY: pinned during the call; the kernel writes an unsigned long.
        fixed (ulong* address = &message)
        {
            return Call(Syscall.ptrace, (nint)(int)TraceRequest.PTRACE_GETEVENTMSG, thread, 0, (nint)address);
        }
    }
}
