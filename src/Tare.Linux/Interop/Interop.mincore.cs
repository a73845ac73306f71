using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>mincore(2).</summary>
    internal static unsafe nint mincore(nint address, nuint length, Span<byte> pages)
    {
        // SAFETY: pinned during the call; the caller gives a byte for each page.
        fixed (byte* bytes = pages)
        {
            return Call(Syscall.mincore, address, (nint)length, (nint)bytes);
        }
    }
}
