using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>ioctl(2), UFFDIO_COPY: bytes become pages.</summary>
    internal static unsafe nint ioctl(int descriptor, nint destination, ReadOnlySpan<byte> bytes)
    {
        // SAFETY: the bytes are pinned during the call, and the struct, on the stack, says how many there are.
        fixed (byte* source = bytes)
        {
            UserFaultCopy copy = new()
            {
                Destination = (ulong)destination,
                Source = (ulong)source,
                Length = (ulong)bytes.Length,
            };
            return ioctl(descriptor, IoctlRequest.UFFDIO_COPY, (nint)(&copy));
        }
    }
}
