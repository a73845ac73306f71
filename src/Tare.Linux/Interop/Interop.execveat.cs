using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>execveat(2) with AT_EXECVE_CHECK, which executes nothing: the kernel without it refuses the flag.</summary>
    internal static unsafe nint execveat_check(int directory, BytePath path, AtFlags flags)
    {
        // SAFETY: pinned and ended by a zero during the call; the arguments are one empty list, on the stack.
        fixed (byte* name = path.Terminated)
        {
            byte nothing = 0;
            byte** arguments = stackalloc byte*[2];
            arguments[0] = &nothing;
            arguments[1] = null;
            return Call(
                Syscall.execveat,
                directory,
                (nint)name,
                (nint)arguments,
                (nint)(arguments + 1),
                (nint)(uint)(flags | AtFlags.AT_EXECVE_CHECK)
            );
        }
    }
}
