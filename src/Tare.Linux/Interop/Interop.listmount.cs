using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>listmount(2), Linux 6.8; gives how many there are.</summary>
    internal static unsafe nint listmount(MountRequest request, Span<ulong> mounts)
    {
        // SAFETY: the request lies on the stack and says its size; the numbers are pinned and their count is passed.
        fixed (ulong* first = mounts)
        {
            return Call(Syscall.listmount, (nint)(&request), (nint)first, mounts.Length);
        }
    }
}
