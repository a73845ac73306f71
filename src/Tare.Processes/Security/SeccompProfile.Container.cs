using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

public sealed partial record SeccompProfile
{
    private const ulong NewNamespaces = 0x7e02_0000; // CLONE_NEWTIME is none of clone(2)

    // What changes the machine, reaches other processes or namespaces, or has been a way into the kernel too often.
    private static readonly string[] NotForContainers =
    [
        // The machine.
        "_sysctl",
        "acct",
        "clock_adjtime",
        "clock_adjtime64",
        "clock_settime",
        "clock_settime64",
        "create_module",
        "delete_module",
        "finit_module",
        "get_kernel_syms",
        "init_module",
        "ioperm",
        "iopl",
        "kexec_file_load",
        "kexec_load",
        "nfsservctl",
        "query_module",
        "quotactl",
        "quotactl_fd",
        "reboot",
        "sethostname",
        "setdomainname",
        "settimeofday",
        "stime",
        "swapoff",
        "swapon",
        "sysfs",
        "syslog",
        "uselib",
        "ustat",
        "vhangup",
        "vm86",
        "vm86old",
        // Mounts and namespaces.
        "chroot",
        "fsconfig",
        "fsmount",
        "fsopen",
        "fspick",
        "listmount",
        "listns",
        "mount",
        "mount_setattr",
        "move_mount",
        "open_by_handle_at",
        "open_tree",
        "open_tree_attr",
        "pivot_root",
        "setns",
        "statmount",
        "umount",
        "umount2",
        "unshare",
        // Other processes, keys and the kernel's inside.
        "add_key",
        "bpf",
        "fanotify_init",
        "io_uring_enter",
        "io_uring_register",
        "io_uring_setup",
        "kcmp",
        "keyctl",
        "lookup_dcookie",
        "mbind",
        "migrate_pages",
        "move_pages",
        "perf_event_open",
        "pidfd_getfd",
        "process_madvise",
        "process_vm_readv",
        "process_vm_writev",
        "ptrace",
        "request_key",
        "set_mempolicy",
        "set_mempolicy_home_node",
        "userfaultfd",
        // Its flags lie in memory, where no filter can look; C libraries fall back on clone.
        "clone3",
        // All that the machine has of its contexts (aio-max-nr) can be had by one process.
        "io_setup",
        // These are decided by their arguments.
        "clone",
        "personality",
        "socket",
    ];

    /// <summary>
    /// What programs in a container need, as container engines have it by default: all known calls but those that change the
    /// machine, mount, make or join namespaces, reach into other processes, or load code into the kernel; these fail with
    /// EPERM, and with ENOSYS what is newer, clone3 and io_setup.
    /// </summary>
    public static SeccompProfile Container { get; } =
        new SeccompProfile(SeccompAnswer.Fail(Errno.EPERM))
            .Allow([.. CallNumbers.Names.Except(NotForContainers)])
            .Deny(Errno.ENOSYS, "clone3", "io_setup")
            .When(
                SeccompAnswer.Allow,
                ["clone"],
                new ArgumentCondition(0, ArgumentComparison.MaskedEqual, NewNamespaces)
            )
            .Allow("socket")
            .When(
                SeccompAnswer.Fail(Errno.EPERM),
                ["socket"],
                // The kernel looks at 32 bits of the family, whatever else the register holds.
                new ArgumentCondition(0, ArgumentComparison.MaskedEqual, 0xffff_ffff, VSockets)
            )
            .Personality(0x0) // PER_LINUX
            .Personality(0x8) // PER_LINUX32
            .Personality(0x2_0000) // UNAME26
            .Personality(0x2_0008) // both
            .Personality(0xffff_ffff); // asks only

    private const ulong VSockets = 40; // AF_VSOCK: to the host of a virtual machine

    private SeccompProfile Personality(ulong value) =>
        When(SeccompAnswer.Allow, ["personality"], new ArgumentCondition(0, ArgumentComparison.Equal, value));
}
