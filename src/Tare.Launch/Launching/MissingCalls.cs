using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>System calls that a kernel lacks, or a seccomp filter hides, in words.</summary>
internal static class MissingCalls
{
    /// <summary>Which call is missing, and since when Linux has it; null where that is not why the step failed.</summary>
    public static string? Hint(Step step, Errno errno) =>
        step is not CallStep { Call: Syscall call } ? null
        : errno == Errno.ENOSYS ? $"{call} is missing: needs {Since(call)}, and no seccomp filter that hides it"
        : errno == Errno.EINVAL && call == Syscall.close_range ? "CLOSE_RANGE_CLOEXEC is missing: needs Linux 5.11"
        : null;

    private static string Since(Syscall call) =>
        call switch
        {
            Syscall.mount_setattr => "Linux 5.12",
            Syscall.close_range => "Linux 5.9",
            Syscall.faccessat2 => "Linux 5.8",
            Syscall.openat2 or Syscall.pidfd_getfd => "Linux 5.6",
            Syscall.pidfd_open => "Linux 5.3",
            Syscall.open_tree
            or Syscall.move_mount
            or Syscall.fsopen
            or Syscall.fsconfig
            or Syscall.fsmount
            or Syscall.fspick => "Linux 5.2",
            Syscall.add_key or Syscall.keyctl => "a kernel with CONFIG_KEYS",
            Syscall.seccomp => "a kernel with CONFIG_SECCOMP_FILTER",
            _ => "a later kernel",
        };
}
