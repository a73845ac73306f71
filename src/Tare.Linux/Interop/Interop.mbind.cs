using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mbind(2).</summary>
    internal static unsafe nint mbind(
        nint address,
        nuint length,
        int mode,
        ReadOnlySpan<ulong> nodes,
        MemoryBindFlags flags
    )
    {
        // SAFETY: pinned during the call; the length is one bit more than is there, as the kernel reads one less.
        fixed (ulong* mask = nodes)
        {
            return Call(
                Syscall.mbind,
                address,
                (nint)length,
                mode,
                (nint)mask,
                nodes.IsEmpty ? 0 : (nodes.Length * 64) + 1,
                (nint)(int)flags
            );
        }
    }

    /// <summary>get_mempolicy(2) with MPOL_F_ADDR: the policy of the area that an address lies in.</summary>
    internal static unsafe nint get_mempolicy_of(nint place, out int mode, Span<ulong> nodes)
    {
        const int OfAddress = 2;
        mode = 0;

        // SAFETY: both are pinned during the call, with their lengths; a wrong place is an EFAULT.
        fixed (int* value = &mode)
        fixed (ulong* address = nodes)
        {
            return Call(Syscall.get_mempolicy, (nint)value, (nint)address, nodes.Length * 64, place, OfAddress);
        }
    }
}
