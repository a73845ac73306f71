using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>waitid(2).</summary>
    internal static unsafe nint waitid(WaitIdType type, int id, out SigInfo info, WaitOptions options, out RUsage usage)
    {
        info = default;
        usage = default;

        // SAFETY: pinned during the call; the structs have the kernel's layout (a test compares sizes).
        fixed (SigInfo* infoAddress = &info)
        fixed (RUsage* usageAddress = &usage)
        {
            return Call(
                Syscall.waitid,
                (nint)(int)type,
                id,
                (nint)infoAddress,
                (nint)(uint)options,
                (nint)usageAddress
            );
        }
    }
}
