using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class OwnMappings
{
    /// <summary>
    /// Tells the kernel that parts of the address space lie elsewhere: what /proc/PID/cmdline and environ show, and where brk(2)
    /// goes on. It moves nothing. The bounds now are those of <see cref="ProcStat"/>. EINVAL: they are not mapped, not in order,
    /// or the kernel has no CONFIG_CHECKPOINT_RESTORE. PR_SET_MM_MAP, Linux 3.18.
    /// </summary>
    /// <param name="bounds">All of them.</param>
    /// <param name="executable">What /proc/PID/exe is to show, CAP_CHECKPOINT_RESTORE; null leaves it.</param>
    public static SysResult SetBounds(in MemoryBounds bounds, FileDescriptor? executable = null)
    {
        using Borrowed descriptor = new(executable);
        return Interop.Result(
            Interop.prctl_set_mm_map(
                new()
                {
                    StartCode = bounds.StartCode,
                    EndCode = bounds.EndCode,
                    StartData = bounds.StartData,
                    EndData = bounds.EndData,
                    StartBreak = bounds.StartBreak,
                    Break = (ulong)Interop.Call(Syscall.brk),
                    StartStack = bounds.StartStack,
                    StartArguments = bounds.StartArguments,
                    EndArguments = bounds.EndArguments,
                    StartEnvironment = bounds.StartEnvironment,
                    EndEnvironment = bounds.EndEnvironment,
                    Executable = executable is null ? -1 : descriptor.Number,
                }
            )
        );
    }
}
