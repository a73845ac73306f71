using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>lsm_list_modules(2), Linux 6.8; gives how many there are.</summary>
    internal static unsafe nint lsm_list_modules(Span<LsmId> modules, ref uint size)
    {
        // SAFETY: both are pinned during the call, and the size is in bytes.
        fixed (LsmId* first = modules)
        fixed (uint* bytes = &size)
        {
            return Call(Syscall.lsm_list_modules, (nint)first, (nint)bytes);
        }
    }

    /// <summary>lsm_get_self_attr(2), Linux 6.8; gives how many contexts there are.</summary>
    internal static unsafe nint lsm_get_self_attr(LsmAttribute attribute, Span<byte> contexts, ref uint size)
    {
        // SAFETY: both are pinned during the call, and the size is in bytes.
        fixed (byte* first = contexts)
        fixed (uint* bytes = &size)
        {
            return Call(Syscall.lsm_get_self_attr, (nint)(uint)attribute, (nint)first, (nint)bytes);
        }
    }

    /// <summary>lsm_set_self_attr(2), Linux 6.8.</summary>
    internal static unsafe nint lsm_set_self_attr(LsmAttribute attribute, ReadOnlySpan<byte> context)
    {
        // SAFETY: pinned during the call, and its length is passed.
        fixed (byte* first = context)
        {
            return Call(Syscall.lsm_set_self_attr, (nint)(uint)attribute, (nint)first, context.Length);
        }
    }
}
