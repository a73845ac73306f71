using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>statmount(2), Linux 6.8.</summary>
    internal static unsafe nint statmount(MountRequest request, Span<byte> buffer, uint flags)
    {
        // SAFETY: the request lies on the stack and says its size; the buffer is pinned and its length is passed.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.statmount, (nint)(&request), (nint)bytes, buffer.Length, (nint)flags);
        }
    }
}
