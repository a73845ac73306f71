using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fstatfs(2).</summary>
    internal static unsafe nint fstatfs(int descriptor, out StatFs result)
    {
        result = default;

        // SAFETY: pinned during the call; the struct has the kernel's layout (a test compares sizes).
        fixed (StatFs* address = &result)
        {
            return Call(Syscall.fstatfs, descriptor, (nint)address);
        }
    }
}
