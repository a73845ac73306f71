using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>process_vm_writev(2) of one piece.</summary>
    internal static unsafe nint process_vm_writev(int process, ulong address, ReadOnlySpan<byte> content)
    {
        // SAFETY: the content is pinned and its length is passed; the other address is the other process's, and the kernel's
        // to check.
        fixed (byte* bytes = content)
        {
            IoVec own = new() { Base = (nint)bytes, Length = (nuint)content.Length };
            IoVec other = new() { Base = (nint)address, Length = (nuint)content.Length };
            return Call(Syscall.process_vm_writev, process, (nint)(&own), 1, (nint)(&other), 1, 0);
        }
    }
}
