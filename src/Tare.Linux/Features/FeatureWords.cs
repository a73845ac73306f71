using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What features are called, and what helps where one is missing.</summary>
internal static class FeatureWords
{
    internal static string NameOf(KernelFeature feature) =>
        feature switch
        {
            KernelFeature.Clone3 => "clone3",
            KernelFeature.PidFd => "pidfd_open",
            KernelFeature.WaitPidFd => "waitid(P_PIDFD)",
            KernelFeature.PidFdGetFd => "pidfd_getfd",
            KernelFeature.PidFdInfo => "PIDFD_GET_INFO",
            KernelFeature.CloneIntoCgroup => "CLONE_INTO_CGROUP",
            KernelFeature.OpenAt2 => "openat2",
            KernelFeature.OpenTree => "open_tree, move_mount, fsopen",
            KernelFeature.MountSetattr => "mount_setattr",
            KernelFeature.IdMappedMounts => "idmapped mounts",
            KernelFeature.CloseRange => "close_range(CLOSE_RANGE_CLOEXEC)",
            KernelFeature.UserNamespaces => "user namespaces",
            KernelFeature.PidNamespaces => "PID namespaces",
            KernelFeature.MountNamespaces => "mount namespaces",
            KernelFeature.NetworkNamespaces => "network namespaces",
            KernelFeature.IpcNamespaces => "IPC namespaces",
            KernelFeature.UtsNamespaces => "UTS namespaces",
            KernelFeature.CgroupNamespaces => "cgroup namespaces",
            KernelFeature.TimeNamespaces => "time namespaces",
            KernelFeature.Overlay => "overlay",
            KernelFeature.Seccomp => "seccomp filters",
            KernelFeature.SeccompNotify => "seccomp notifications",
            KernelFeature.Landlock => "landlock",
            KernelFeature.CgroupV2 => "cgroup v2",
            KernelFeature.CgroupFreeze => "cgroup.freeze",
            KernelFeature.CgroupKill => "cgroup.kill",
            KernelFeature.CgroupPressure => "cgroup pressure",
            _ => feature.ToString(),
        };

    internal static string RemedyFor(KernelFeature feature, Errno errno) =>
        feature switch
        {
            KernelFeature.Clone3 => Version("5.3", errno),
            KernelFeature.PidFd => Version("5.3", errno),
            KernelFeature.WaitPidFd => Version("5.4", errno),
            KernelFeature.PidFdGetFd => Version("5.6", errno),
            KernelFeature.PidFdInfo => Version("6.13", errno),
            KernelFeature.CloneIntoCgroup => Version("5.7", errno) + ", and mount cgroup v2",
            KernelFeature.OpenAt2 => Version("5.6", errno),
            KernelFeature.OpenTree => Version("5.2", errno),
            KernelFeature.MountSetattr => Version("5.12", errno),
            KernelFeature.IdMappedMounts => errno == Errno.EPERM
                ? "run as root: ordinary users cannot map mounts"
                : Version("5.12", errno),
            KernelFeature.CloseRange => Version("5.11", errno),
            KernelFeature.UserNamespaces => NamespaceRemedy("USER", errno),
            KernelFeature.PidNamespaces => NamespaceRemedy("PID", errno),
            KernelFeature.MountNamespaces => NamespaceRemedy("MNT", errno),
            KernelFeature.NetworkNamespaces => NamespaceRemedy("NET", errno),
            KernelFeature.IpcNamespaces => NamespaceRemedy("IPC", errno),
            KernelFeature.UtsNamespaces => NamespaceRemedy("UTS", errno),
            KernelFeature.CgroupNamespaces => NamespaceRemedy("CGROUP", errno),
            KernelFeature.TimeNamespaces => "run Linux 5.6 or later with CONFIG_TIME_NS",
            KernelFeature.Overlay => "load the module (modprobe overlay), or run a kernel with CONFIG_OVERLAY_FS",
            KernelFeature.Seccomp => "run a kernel with CONFIG_SECCOMP_FILTER",
            KernelFeature.SeccompNotify => "run Linux 5.0 or later with CONFIG_SECCOMP_FILTER",
            KernelFeature.Landlock => errno == Errno.EOPNOTSUPP
                ? "add landlock to the lsm= list of the kernel's command line"
                : "run Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK",
            KernelFeature.CgroupV2 =>
                "mount -t cgroup2 none /sys/fs/cgroup, or boot with systemd.unified_cgroup_hierarchy=1",
            KernelFeature.CgroupFreeze => "run Linux 5.2 or later with cgroup v2",
            KernelFeature.CgroupKill => "run Linux 5.14 or later with cgroup v2",
            KernelFeature.CgroupPressure => "boot with psi=1, on a kernel with CONFIG_PSI",
            _ => "run a later kernel",
        };

    private static string Version(string version, Errno errno) =>
        errno == Errno.EPERM
            ? $"let the seccomp filter around this process pass the call (it came with Linux {version})"
            : $"run Linux {version} or later, or let the seccomp filter around this process pass the call";

    private static string NamespaceRemedy(string kind, Errno errno) =>
        errno switch
        {
            Errno.ENOSPC => $"raise /proc/sys/user/max_{kind.ToLowerInvariant()}_namespaces"
                + (kind == "USER" ? "" : " and max_user_namespaces"),
            Errno.EPERM => "run as root, or allow it: sysctl kernel.unprivileged_userns_clone=1 (Debian), "
                + "sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)",
            Errno.EINVAL =>
                $"run a kernel with CONFIG_{(kind == "MNT" ? "NAMESPACES" : kind == "CGROUP" ? "CGROUPS" : kind + "_NS")}",
            _ => "let the seccomp filter around this process pass clone3",
        };
}
