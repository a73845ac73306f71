using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>quotactl_fd(2) with limits.</summary>
    internal static unsafe nint quotactl_fd(int file, uint command, QuotaKind kind, uint id, ref QuotaValues values)
    {
        // SAFETY: pinned during the call, and of the kernel's layout and size.
        fixed (QuotaValues* address = &values)
        {
            return Call(Syscall.quotactl_fd, file, (nint)((command << 8) | (uint)kind), (nint)id, (nint)address);
        }
    }
}
