using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>sched_setattr(2).</summary>
    internal static unsafe nint sched_setattr(int thread, SchedulingAttribute attribute)
    {
        // SAFETY: the struct lies on the stack and says how long it is.
        return Call(Syscall.sched_setattr, thread, (nint)(&attribute), 0);
    }

    /// <summary>sched_getattr(2).</summary>
    internal static unsafe nint sched_getattr(int thread, out SchedulingAttribute attribute, uint flags = 0)
    {
        attribute = default;

        // SAFETY: pinned during the call, with its length.
        fixed (SchedulingAttribute* address = &attribute)
        {
            return Call(Syscall.sched_getattr, thread, (nint)address, SchedulingAttribute.StructSize, (nint)flags);
        }
    }
}
