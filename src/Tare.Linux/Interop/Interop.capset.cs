using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>capset(2) for 64 capabilities of the calling thread.</summary>
    internal static unsafe nint capset(in CapabilityData low, in CapabilityData high)
    {
        CapabilityHeader header = new() { Version = CapabilityHeader.Version3 };
        CapabilityData* data = stackalloc CapabilityData[2];
        (data[0], data[1]) = (low, high);

        // SAFETY: version 3 makes the kernel read two elements, which is what lies on the stack.
        return Call(Syscall.capset, (nint)(&header), (nint)data);
    }
}
