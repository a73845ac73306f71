namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>arch_prctl(2) or prctl(2), an operation that writes an unsigned long.</summary>
    internal static unsafe nint prctl_read(Abi.Syscall call, int operation, out ulong value)
    {
        ulong read = 0;

        // SAFETY: on the stack; the operations made with it write 8 bytes.
        nint raw = Call(call, operation, (nint)(&read));
        value = read;
        return raw;
    }
}
