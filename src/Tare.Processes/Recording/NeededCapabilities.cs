using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Which capabilities calls can take. capabilities(7) and the calls' manual pages.</summary>
internal static class NeededCapabilities
{
    private const ulong UserNamespace = 0x1000_0000; // CLONE_NEWUSER, which takes none

    /// <summary>What a call can take whatever it is done to.</summary>
    /// <param name="name">The call.</param>
    /// <param name="arguments">Its six arguments.</param>
    /// <param name="namespaces">The namespaces that clone3 makes, whose flags lie in memory.</param>
    public static Capability? Of(string name, ReadOnlySpan<ulong> arguments, ulong namespaces) =>
        name switch
        {
            "mount" or "umount" or "umount2" or "pivot_root" or "setns" or "sethostname" or "setdomainname" => Admin,
            "fsopen" or "fsmount" or "fsconfig" or "fspick" or "move_mount" or "mount_setattr" => Admin,
            "swapon" or "swapoff" or "quotactl" or "quotactl_fd" or "fanotify_init" => Admin,
            "unshare" or "clone" or "clone3" => (namespaces & ~UserNamespace) != 0 && (namespaces & UserNamespace) == 0
                ? Admin
                : null,
            "bpf" => Capability.CAP_BPF,
            "perf_event_open" => Capability.CAP_PERFMON,
            "chroot" => Capability.CAP_SYS_CHROOT,
            "chown" or "lchown" or "fchown" or "fchownat" or "chown32" or "lchown32" or "fchown32" =>
                Capability.CAP_CHOWN,
            "setuid" or "setreuid" or "setresuid" or "setfsuid" => Capability.CAP_SETUID,
            "setuid32" or "setreuid32" or "setresuid32" or "setfsuid32" => Capability.CAP_SETUID,
            "setgid" or "setregid" or "setresgid" or "setfsgid" or "setgroups" => Capability.CAP_SETGID,
            "setgid32" or "setregid32" or "setresgid32" or "setfsgid32" or "setgroups32" => Capability.CAP_SETGID,
            "capset" => Capability.CAP_SETPCAP,
            "mknod" => IsDevice(arguments[1]) ? Capability.CAP_MKNOD : null,
            "mknodat" => IsDevice(arguments[2]) ? Capability.CAP_MKNOD : null,
            "ptrace" => arguments[0] != 0 ? Capability.CAP_SYS_PTRACE : null, // 0 is PTRACE_TRACEME
            "process_vm_readv" or "process_vm_writev" or "kcmp" or "pidfd_getfd" => Capability.CAP_SYS_PTRACE,
            "reboot" or "kexec_load" or "kexec_file_load" => Capability.CAP_SYS_BOOT,
            "init_module" or "finit_module" or "delete_module" => Capability.CAP_SYS_MODULE,
            "iopl" or "ioperm" => Capability.CAP_SYS_RAWIO,
            "settimeofday" or "clock_settime" or "clock_settime64" or "stime" => Capability.CAP_SYS_TIME,
            "nice" or "setpriority" or "sched_setscheduler" or "sched_setparam" or "sched_setattr" or "ioprio_set" =>
                Capability.CAP_SYS_NICE,
            "mlock" or "mlock2" or "mlockall" => Capability.CAP_IPC_LOCK,
            "setrlimit" => Capability.CAP_SYS_RESOURCE,
            "prlimit64" => arguments[2] != 0 ? Capability.CAP_SYS_RESOURCE : null,
            "syslog" => Capability.CAP_SYSLOG,
            "acct" => Capability.CAP_SYS_PACCT,
            "vhangup" => Capability.CAP_SYS_TTY_CONFIG,
            "open_by_handle_at" => Capability.CAP_DAC_READ_SEARCH,
            "socket" => IsRaw(arguments[0], arguments[1]) ? Capability.CAP_NET_RAW : null,
            _ => null,
        };

    /// <summary>What the use of a file takes of a thread that its permission bits keep out.</summary>
    public static Capability? OfFile(SeenPath seen, RecordedAccess access, ProcStatus who)
    {
        if (seen.Status is { } status)
        {
            if ((access & RecordedAccess.Attributes) != 0 && who.Users.FileSystem != status.UserId)
            {
                return Capability.CAP_FOWNER;
            }

            uint wanted =
                ((access & (RecordedAccess.Read | RecordedAccess.List)) != 0 ? 4u : 0)
                | ((access & RecordedAccess.Write) != 0 ? 2u : 0)
                | ((access & RecordedAccess.Execute) != 0 ? 1u : 0);
            return Lacking(status, wanted, who);
        }

        return seen.Parent is { } parent && (access & RecordedPath.Making) != 0 ? Lacking(parent, 3, who) : null;
    }

    private const Capability Admin = Capability.CAP_SYS_ADMIN;

    private static Capability? Lacking(StatX status, uint wanted, ProcStatus who)
    {
        uint mode = (uint)status.Mode;
        uint bits =
            who.Users.FileSystem == status.UserId ? mode >> 6
            : who.Groups.FileSystem == status.GroupId || who.SupplementaryGroups.Contains(status.GroupId) ? mode >> 3
            : mode;
        uint lacking = wanted & ~bits;
        return lacking == 0 ? null
            : lacking == 4 && who.Capabilities.Effective.Contains(Capability.CAP_DAC_READ_SEARCH)
                ? Capability.CAP_DAC_READ_SEARCH
            : Capability.CAP_DAC_OVERRIDE;
    }

    private static bool IsDevice(ulong mode) =>
        ((FileModes)mode & FileModes.S_IFMT) is FileModes.S_IFCHR or FileModes.S_IFBLK;

    private static bool IsRaw(ulong family, ulong type) =>
        family == (ulong)SocketFamily.AF_PACKET
        || (family is (ulong)SocketFamily.AF_INET or (ulong)SocketFamily.AF_INET6 && (type & 0xf) == 3);
}
