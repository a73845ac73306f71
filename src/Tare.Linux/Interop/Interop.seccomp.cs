using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>seccomp(2), SECCOMP_SET_MODE_FILTER.</summary>
    internal static unsafe nint seccomp(SeccompFilterFlags flags, ReadOnlySpan<SocketFilter> program)
    {
        // SAFETY: the instructions are pinned and the kernel copies them during the call; their number is passed.
        fixed (SocketFilter* instructions = program)
        {
            SocketFilterProgram header = new() { Length = (ushort)program.Length, Filter = (nint)instructions };
            return Call(
                Syscall.seccomp,
                (nint)(uint)SeccompOperation.SECCOMP_SET_MODE_FILTER,
                (nint)(uint)flags,
                (nint)(&header)
            );
        }
    }

    /// <summary>seccomp(2), SECCOMP_GET_ACTION_AVAIL.</summary>
    internal static unsafe nint seccomp(SeccompAction action)
    {
        uint value = (uint)action;

        // SAFETY: a word on the stack that the kernel reads.
        return Call(Syscall.seccomp, (nint)(uint)SeccompOperation.SECCOMP_GET_ACTION_AVAIL, 0, (nint)(&value));
    }

    /// <summary>seccomp(2), SECCOMP_GET_NOTIF_SIZES, Linux 5.0.</summary>
    internal static unsafe nint seccomp(out SeccompNotifySizes sizes)
    {
        sizes = default;

        // SAFETY: pinned during the call; the struct is the kernel's seccomp_notif_sizes.
        fixed (SeccompNotifySizes* address = &sizes)
        {
            return Call(Syscall.seccomp, (nint)(uint)SeccompOperation.SECCOMP_GET_NOTIF_SIZES, 0, (nint)address);
        }
    }
}
