using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>fsconfig(2), Linux 5.2; an empty key is a null pointer, and so is the value except where a string is set.</summary>
    internal static unsafe nint fsconfig(
        int context,
        FsConfigCommand command,
        BytePath key,
        BytePath value,
        int auxiliary
    )
    {
        // SAFETY: both are pinned, end with a zero, and the kernel only reads them during the call.
        fixed (
            byte* name = key.Terminated,
                text = value.Terminated
        )
        {
            return Call(
                Syscall.fsconfig,
                context,
                (nint)(uint)command,
                key.IsEmpty ? 0 : (nint)name,
                command == FsConfigCommand.FSCONFIG_SET_STRING ? (nint)text : 0,
                auxiliary
            );
        }
    }
}
