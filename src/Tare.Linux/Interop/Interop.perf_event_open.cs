using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>perf_event_open(2).</summary>
    internal static unsafe nint perf_event_open(
        PerfEventAttribute attribute,
        int processId,
        int processor,
        uint flags
    ) =>
        // SAFETY: the struct lies on the stack and says its size.
        Call(Syscall.perf_event_open, (nint)(&attribute), processId, processor, -1, (nint)flags);
}
