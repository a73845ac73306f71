using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>write(2).</summary>
    internal static unsafe nint write(int descriptor, ReadOnlySpan<byte> buffer)
    {
        // SAFETY: the buffer is pinned during the call, and the kernel keeps to its length.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.write, descriptor, (nint)bytes, buffer.Length);
        }
    }
}
