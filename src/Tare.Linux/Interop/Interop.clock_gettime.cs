using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>clock_gettime(2).</summary>
    internal static unsafe nint clock_gettime(int clock, out TimeSpec time)
    {
        time = default;

        // SAFETY: pinned during the call; the struct is the kernel's timespec of 64 bits.
        fixed (TimeSpec* address = &time)
        {
            return Call(Syscall.clock_gettime, clock, (nint)address);
        }
    }
}
