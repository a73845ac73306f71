using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>listns(2), Linux 6.19; gives how many there are.</summary>
    internal static unsafe nint listns(NamespaceRequest request, Span<ulong> ids)
    {
        // SAFETY: the request lies on the stack and says its size; the ids are pinned and their count is passed.
        fixed (ulong* first = ids)
        {
            return Call(Syscall.listns, (nint)(&request), (nint)first, ids.Length);
        }
    }
}
