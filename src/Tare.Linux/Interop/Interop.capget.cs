using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>capget(2) for 64 capabilities.</summary>
    internal static unsafe nint capget(int processId, out CapabilityData low, out CapabilityData high)
    {
        CapabilityHeader header = new() { Version = CapabilityHeader.Version3, ProcessId = processId };
        CapabilityData* data = stackalloc CapabilityData[2];

        // SAFETY: version 3 makes the kernel write two elements, which is what lies on the stack.
        nint raw = Call(Syscall.capget, (nint)(&header), (nint)data);
        (low, high) = (data[0], data[1]);
        return raw;
    }
}
