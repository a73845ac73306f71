namespace Tare.Linux;

/// <summary>What a kernel, or its administrator, may or may not offer.</summary>
public enum KernelFeature
{
    /// <summary>clone3(2), Linux 5.3: how every process is launched.</summary>
    Clone3,

    /// <summary>pidfd_open(2), pidfd_send_signal(2), Linux 5.3.</summary>
    PidFd,

    /// <summary>waitid(2) with P_PIDFD, Linux 5.4.</summary>
    WaitPidFd,

    /// <summary>pidfd_getfd(2), Linux 5.6.</summary>
    PidFdGetFd,

    /// <summary>PIDFD_GET_INFO, Linux 6.13.</summary>
    PidFdInfo,

    /// <summary>CLONE_INTO_CGROUP, Linux 5.7, and cgroup v2 is mounted.</summary>
    CloneIntoCgroup,

    /// <summary>openat2(2), Linux 5.6.</summary>
    OpenAt2,

    /// <summary>open_tree(2), move_mount(2), fsopen(2), Linux 5.2.</summary>
    OpenTree,

    /// <summary>mount_setattr(2), Linux 5.12.</summary>
    MountSetattr,

    /// <summary>MOUNT_ATTR_IDMAP, Linux 5.12.</summary>
    IdMappedMounts,

    /// <summary>close_range(2) with CLOSE_RANGE_CLOEXEC, Linux 5.11.</summary>
    CloseRange,

    /// <summary>User namespaces, for this user.</summary>
    UserNamespaces,

    /// <summary>PID namespaces, in a new user namespace where this user needs one.</summary>
    PidNamespaces,

    /// <summary>Mount namespaces, in a new user namespace where this user needs one.</summary>
    MountNamespaces,

    /// <summary>Network namespaces, in a new user namespace where this user needs one.</summary>
    NetworkNamespaces,

    /// <summary>IPC namespaces, in a new user namespace where this user needs one.</summary>
    IpcNamespaces,

    /// <summary>UTS namespaces, in a new user namespace where this user needs one.</summary>
    UtsNamespaces,

    /// <summary>Cgroup namespaces, in a new user namespace where this user needs one.</summary>
    CgroupNamespaces,

    /// <summary>Time namespaces, Linux 5.6.</summary>
    TimeNamespaces,

    /// <summary>The overlay file system.</summary>
    Overlay,

    /// <summary>Seccomp filters.</summary>
    Seccomp,

    /// <summary>Seccomp filters that ask a supervisor, Linux 5.0.</summary>
    SeccompNotify,

    /// <summary>Landlock, Linux 5.13; the detail is the version of its ABI.</summary>
    Landlock,

    /// <summary>cgroup v2 is mounted.</summary>
    CgroupV2,

    /// <summary>cgroup.freeze of v2, Linux 5.2.</summary>
    CgroupFreeze,

    /// <summary>cgroup.kill of v2, Linux 5.14.</summary>
    CgroupKill,

    /// <summary>Pressure stall information per cgroup, Linux 4.20.</summary>
    CgroupPressure,
}
