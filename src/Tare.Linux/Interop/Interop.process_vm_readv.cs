using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>process_vm_readv(2) of one piece.</summary>
    internal static unsafe nint process_vm_readv(int process, ulong address, Span<byte> buffer)
    {
        // SAFETY: the buffer is pinned and its length is passed; the other address is the other process's, and the kernel's
        // to check.
        fixed (byte* bytes = buffer)
        {
            IoVec own = new() { Base = (nint)bytes, Length = (nuint)buffer.Length };
            IoVec other = new() { Base = (nint)address, Length = (nuint)buffer.Length };
            return Call(Syscall.process_vm_readv, process, (nint)(&own), 1, (nint)(&other), 1, 0);
        }
    }
}
