namespace Tare.Linux.Abi;

/// <summary>What a new process shares with its parent and what it has new. clone(2), linux/sched.h.</summary>
[Flags]
public enum CloneFlags : ulong
{
    /// <summary>A copy of everything.</summary>
    None = 0,

    /// <summary>New time namespace; only for unshare(2) and setns(2): in clone(2) its bit means the exit signal.</summary>
    CLONE_NEWTIME = 0x80,

    /// <summary>Shares the address space.</summary>
    CLONE_VM = 0x100,

    /// <summary>Shares root, working directory and umask.</summary>
    CLONE_FS = 0x200,

    /// <summary>Shares the table of descriptors.</summary>
    CLONE_FILES = 0x400,

    /// <summary>Shares signal handlers.</summary>
    CLONE_SIGHAND = 0x800,

    /// <summary>Returns a pidfd (Linux 5.2).</summary>
    CLONE_PIDFD = 0x1000,

    /// <summary>The parent waits until the child executes a program or ends.</summary>
    CLONE_VFORK = 0x4000,

    /// <summary>The new process is a sibling: the caller's parent is its parent.</summary>
    CLONE_PARENT = 0x8000,

    /// <summary>New mount namespace.</summary>
    CLONE_NEWNS = 0x20000,

    /// <summary>Writes the new thread id into the parent's memory.</summary>
    CLONE_PARENT_SETTID = 0x100000,

    /// <summary>Clears a word in memory and wakes its waiters when the address space is let go.</summary>
    CLONE_CHILD_CLEARTID = 0x200000,

    /// <summary>New cgroup namespace.</summary>
    CLONE_NEWCGROUP = 0x2000000,

    /// <summary>New UTS namespace: host and domain name.</summary>
    CLONE_NEWUTS = 0x4000000,

    /// <summary>New IPC namespace.</summary>
    CLONE_NEWIPC = 0x8000000,

    /// <summary>New user namespace.</summary>
    CLONE_NEWUSER = 0x10000000,

    /// <summary>New PID namespace.</summary>
    CLONE_NEWPID = 0x20000000,

    /// <summary>New network namespace.</summary>
    CLONE_NEWNET = 0x40000000,

    /// <summary>Handled signals get their default action (Linux 5.5, clone3 only).</summary>
    CLONE_CLEAR_SIGHAND = 0x100000000,

    /// <summary>Created in a given v2 cgroup (Linux 5.7, clone3 only).</summary>
    CLONE_INTO_CGROUP = 0x200000000,

    /// <summary>
    /// The kernel reaps the process as it ends, and nobody waits for it: how it ended its pidfd tells (PIDFD_INFO_EXIT), what it
    /// used nobody. EINVAL with an exit signal, CLONE_PARENT or CLONE_THREAD (Linux 7.1, clone3 only).
    /// </summary>
    CLONE_AUTOREAP = 0x400000000,

    /// <summary>The process has no_new_privs from its first instruction, its parent is as it was (Linux 7.1, clone3 only).</summary>
    CLONE_NNP = 0x800000000,

    /// <summary>
    /// The process is killed when the last descriptor is closed of those that are the pidfd of this clone or duplicates of it, so
    /// too when the process that has them ends; other pidfds of it do not count. EINVAL without CLONE_PIDFD and
    /// <see cref="CLONE_AUTOREAP"/>; EPERM without <see cref="CLONE_NNP"/> or CAP_SYS_ADMIN (Linux 7.1, clone3 only).
    /// </summary>
    CLONE_PIDFD_AUTOKILL = 0x1000000000,

    /// <summary>
    /// New mount namespace with one mount in it, an empty directory in which nothing can be made but on which can be mounted;
    /// implies <see cref="CLONE_NEWNS"/>, and like it EINVAL with CLONE_FS and EPERM without CAP_SYS_ADMIN (Linux 7.1, clone3 only).
    /// </summary>
    CLONE_EMPTY_MNTNS = 0x2000000000,

    /// <summary>The same for unshare(2), where the bit that is clone's CLONE_PARENT_SETTID has no other use (Linux 7.1).</summary>
    UNSHARE_EMPTY_MNTNS = 0x100000,
}
