using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>getrusage(2).</summary>
    internal static unsafe nint getrusage(int who, out RUsage usage)
    {
        usage = default;

        // SAFETY: pinned during the call; the struct has the kernel's layout (a test compares sizes).
        fixed (RUsage* address = &usage)
        {
            return Call(Syscall.getrusage, who, (nint)address);
        }
    }
}
