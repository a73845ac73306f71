using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>getgroups(2).</summary>
    internal static unsafe nint getgroups(Span<uint> groups)
    {
        // SAFETY: pinned during the call, and the number of elements is passed.
        fixed (uint* list = groups)
        {
            return Call(Syscall.getgroups, groups.Length, (nint)list);
        }
    }
}
