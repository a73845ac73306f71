using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>Why the kernel makes no process, in words. clone(2).</summary>
internal static class CloneFailures
{
    /// <summary>The reason or the remedy; null where there is nothing to add.</summary>
    public static string? Hint(LaunchPlan plan, Errno errno) =>
        errno switch
        {
            Errno.EEXIST => "a process has that number already",
            Errno.EPERM when plan.ProcessIds is not null && plan.CloneFlags == 0 =>
                "a process's number is chosen with CAP_CHECKPOINT_RESTORE",
            Errno.EINVAL when plan.ProcessIds is not null =>
                "a number is above kernel.pid_max, not 1 in a new PID namespace, or there are more numbers than namespaces",
            Errno.EPERM when (plan.CloneFlags & CloneFlags.CLONE_NEWUSER) != 0 =>
                "this system forbids user namespaces to this user: see kernel.unprivileged_userns_clone, "
                    + "kernel.apparmor_restrict_unprivileged_userns, or whether this runs in a chroot",
            Errno.EPERM => "new namespaces need root or a user namespace",
            Errno.ENOSPC => "a limit is reached: see user.max_*_namespaces, or namespaces are nested too deep",
            Errno.EUSERS => "user namespaces are nested too deep",
            Errno.EAGAIN => "a limit on processes is reached: ulimit -u, kernel.pid_max, or pids.max of a cgroup",
            Errno.EINVAL => "this kernel lacks one of these namespaces, or is older than Linux 5.7",
            Errno.E2BIG => "this kernel is too old: needs Linux 5.7",
            Errno.EACCES => "this user may not move processes into the cgroup: it needs to be delegated, cgroup.procs "
                + "of its common ancestor with this process included",
            Errno.EBUSY => "the cgroup hands controllers to its children and may hold no process itself",
            Errno.EOPNOTSUPP => "the cgroup is of type 'domain invalid': cgroup.type tells",
            Errno.ENOENT or Errno.ENODEV => "the cgroup has been removed",
            Errno.EBADF => "the descriptor is no cgroup's directory on cgroup v2",
            Errno.ENOSYS => "clone3 is missing: needs Linux 5.7, and no seccomp filter that hides it",
            _ => null,
        };
}
