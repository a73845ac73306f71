using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>setgroups(2).</summary>
    internal static unsafe nint setgroups(ReadOnlySpan<uint> groups)
    {
        // SAFETY: pinned during the call, and the number of elements is passed.
        fixed (uint* list = groups)
        {
            return Call(Syscall.setgroups, groups.Length, (nint)list);
        }
    }
}
