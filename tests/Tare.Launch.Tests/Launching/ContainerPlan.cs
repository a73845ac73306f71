using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>The plan of a whole container: every namespace, a root of its own with proc, tmpfs and devices, no privileges.</summary>
internal static class ContainerPlan
{
    private const CloneFlags Namespaces =
        CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWUTS
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWCGROUP;

    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom", "tty"];

    /// <summary>Makes it.</summary>
    /// <param name="rootfs">A busybox root file system.</param>
    /// <param name="gate">The child waits for its launcher once it has its mounts.</param>
    /// <param name="spawn">The program's process is made by the first process, in a PID namespace that that one makes.</param>
    /// <param name="program">What busybox does.</param>
    public static LaunchPlan Make(string rootfs, bool gate, bool spawn, params string[] program)
    {
        LaunchPlanBuilder plan = new() { CloneFlags = spawn ? Namespaces & ~CloneFlags.CLONE_NEWPID : Namespaces };
        if (spawn)
        {
            plan.Call("make a PID namespace", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWPID));
            plan.Spawn();
        }

        AddRoot(plan, rootfs);
        Mount(plan, "proc", "proc", "proc", MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC, null);
        Mount(plan, "tmpfs", "dev", "tmpfs", MountFlags.MS_NOSUID | MountFlags.MS_STRICTATIME, "mode=755,size=65536k");
        AddDevices(plan);
        Mount(plan, "tmpfs", "tmp", "tmpfs", MountFlags.MS_NOSUID | MountFlags.MS_NODEV, "mode=1777,size=65536k");
        Mount(plan, "sysfs", "sys", "sysfs", MountFlags.MS_RDONLY | MountFlags.MS_NOSUID, null);
        plan.Call("name the host", Syscall.sethostname, "container", 9);
        if (gate)
        {
            plan.Gate("wait for the launcher");
        }

        AddCredentials(plan);
        plan.Call(
            "close all but the streams",
            Syscall.close_range,
            3,
            uint.MaxValue,
            Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
        );
        plan.Execute("/bin/busybox", program);
        return plan.Build();
    }

    private static void AddRoot(LaunchPlanBuilder plan, string rootfs)
    {
        Mount(plan, "none", "/", null, MountFlags.MS_REC | MountFlags.MS_PRIVATE, null);
        Mount(plan, rootfs, rootfs, null, MountFlags.MS_BIND | MountFlags.MS_REC, null);
        plan.Call($"enter '{rootfs}'", Syscall.chdir, rootfs);
        plan.Call("make it the root", Syscall.pivot_root, ".", ".");
        plan.Call("let the old root go", Syscall.umount2, ".", Argument.Flags(UnmountFlags.MNT_DETACH));
        plan.Call("enter the root", Syscall.chdir, "/");
    }

    // No node can be made for a device where another user namespace owns the machine; a link names what it is.
    private static void AddDevices(LaunchPlanBuilder plan)
    {
        foreach (string name in Devices)
        {
            plan.Add(
                new CallStep(
                    $"make '/dev/{name}'",
                    Syscall.mknodat,
                    [Argument.WorkingDirectory, $"dev/{name}", (long)(FileModes.S_IFCHR | (FileModes)0x1B6), 0x103]
                )
                {
                    Tolerated = [Errno.EPERM],
                }
            );
        }

        plan.Call("make '/dev/fd'", Syscall.symlinkat, "/proc/self/fd", Argument.WorkingDirectory, "dev/fd");
        plan.Call("make '/dev/pts'", Syscall.mkdirat, Argument.WorkingDirectory, "dev/pts", 0x1ED);
        Mount(
            plan,
            "devpts",
            "dev/pts",
            "devpts",
            MountFlags.MS_NOSUID | MountFlags.MS_NOEXEC,
            "newinstance,ptmxmode=0666"
        );
    }

    private static void AddCredentials(LaunchPlanBuilder plan)
    {
        plan.Call("give no new privileges", Syscall.prctl, Argument.Flags(PrctlOption.PR_SET_NO_NEW_PRIVS), 1, 0, 0, 0);
        for (int capability = 0; capability <= 40; capability++)
        {
            plan.Add(
                new CallStep(
                    $"drop capability {capability}",
                    Syscall.prctl,
                    [Argument.Flags(PrctlOption.PR_CAPBSET_DROP), capability, 0, 0, 0]
                )
                {
                    Tolerated = [Errno.EINVAL],
                }
            );
        }

        plan.Call("leave the groups", Syscall.setgroups, 0, Argument.Null);
        plan.Call("change the group", Syscall.setresgid, 65534, 65534, 65534);
        plan.BecomeNobody();
    }

    private static void Mount(
        LaunchPlanBuilder plan,
        string source,
        string target,
        string? type,
        MountFlags flags,
        string? data
    ) =>
        plan.Call(
            $"mount {source} on '{target}'",
            Syscall.mount,
            source,
            target,
            type is null ? Argument.Null : type,
            Argument.Flags(flags),
            data is null ? Argument.Null : data
        );
}
