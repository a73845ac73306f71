using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>
    /// clone3(2), for calls that are meant to fail: managed code does not survive being the child. What launches processes is
    /// emitted code, in Tare.Launch.
    /// </summary>
    internal static unsafe nint clone3(CloneArguments arguments)
    {
        // SAFETY: the struct lies on the stack and its size is passed; the callers' arguments let the call fail before
        // there is a child (the pidfd's address is not mapped).
        return Call(Syscall.clone3, (nint)(&arguments), sizeof(CloneArguments));
    }
}
