using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>How each feature is found out: by calls that fail, if at all, before they do anything.</summary>
internal static class FeatureProbes
{
    /// <summary>A descriptor that is never open.</summary>
    private const int NoDescriptor = int.MaxValue;

    internal static FeatureState Probe(KernelFeature feature) =>
        feature switch
        {
            KernelFeature.Clone3 => Expect(feature, Interop.Call(Syscall.clone3, 0, 0), Errno.EINVAL),
            KernelFeature.PidFd => Expect(
                feature,
                Interop.Call(Syscall.pidfd_send_signal, NoDescriptor, 0),
                Errno.EBADF
            ),
            KernelFeature.WaitPidFd => Expect(
                feature,
                Interop.waitid(WaitIdType.P_PIDFD, NoDescriptor, out _, WaitOptions.WEXITED, out _),
                Errno.EBADF
            ),
            KernelFeature.PidFdGetFd => Expect(
                feature,
                Interop.Call(Syscall.pidfd_getfd, NoDescriptor, 0),
                Errno.EBADF
            ),
            KernelFeature.PidFdInfo => PidFdInfo(),
            KernelFeature.CloneIntoCgroup => CloneIntoCgroup(),
            KernelFeature.OpenAt2 => OpenAt2(),
            KernelFeature.OpenTree => Expect(
                feature,
                Interop.open_tree(NoDescriptor, BytePath.Empty, OpenTreeFlags.AT_EMPTY_PATH),
                Errno.EBADF
            ),
            KernelFeature.MountSetattr => Expect(
                feature,
                Interop.Call(Syscall.mount_setattr, NoDescriptor, 0, 0, 0, 0),
                Errno.EINVAL
            ),
            KernelFeature.IdMappedMounts => IdMappedMounts(),
            KernelFeature.CloseRange => Expect(
                feature,
                Interop.Call(Syscall.close_range, -1, -1, (nint)(uint)CloseRangeFlags.CLOSE_RANGE_CLOEXEC),
                Errno.None
            ),
            KernelFeature.UserNamespaces => UserNamespaces(),
            KernelFeature.PidNamespaces => Namespace(feature, CloneFlags.CLONE_NEWPID),
            KernelFeature.MountNamespaces => Namespace(feature, CloneFlags.CLONE_NEWNS),
            KernelFeature.NetworkNamespaces => Namespace(feature, CloneFlags.CLONE_NEWNET),
            KernelFeature.IpcNamespaces => Namespace(feature, CloneFlags.CLONE_NEWIPC),
            KernelFeature.UtsNamespaces => Namespace(feature, CloneFlags.CLONE_NEWUTS),
            KernelFeature.CgroupNamespaces => Namespace(feature, CloneFlags.CLONE_NEWCGROUP),
            KernelFeature.TimeNamespaces => Expect(feature, Access("/proc/thread-self/ns/time"), Errno.None),
            KernelFeature.Overlay => Overlay(),
            KernelFeature.Seccomp => Expect(feature, Interop.seccomp(SeccompAction.SECCOMP_RET_ERRNO), Errno.None),
            KernelFeature.SeccompNotify => Expect(
                feature,
                Interop.seccomp(SeccompAction.SECCOMP_RET_USER_NOTIF),
                Errno.None
            ),
            KernelFeature.Landlock => Landlock(),
            KernelFeature.CgroupV2 => CgroupV2(),
            KernelFeature.CgroupFreeze => CgroupFile(feature, "cgroup.freeze"),
            KernelFeature.CgroupKill => CgroupFile(feature, "cgroup.kill"),
            KernelFeature.CgroupPressure => Pressure(),
            _ => new(feature, false),
        };

    /// <summary>The call was understood if it gives this errno; any other says what stands in the way.</summary>
    private static FeatureState Expect(KernelFeature feature, nint raw, Errno understood)
    {
        Errno errno = Interop.ErrnoOf(raw);
        return new(feature, errno == understood, errno == understood ? Errno.None : errno);
    }

    private static nint Access(BytePath path)
    {
        using Borrowed workingDirectory = new(null);
        return Interop.statx(workingDirectory.Number, path, AtFlags.AT_SYMLINK_NOFOLLOW, StatXMask.STATX_TYPE, out _);
    }

    private static FeatureState PidFdInfo()
    {
        SysResult<PidFd> own = PidFds.Open(Processes.GetPid());
        if (!own.Ok)
        {
            return new(KernelFeature.PidFdInfo, false, own.Errno);
        }

        using PidFd process = own.Value;
        SysResult<PidFdInfo> info = PidFds.GetInfo(process);
        return new(KernelFeature.PidFdInfo, info.Ok, info.Errno);
    }

    private static FeatureState OpenAt2()
    {
        SysResult<FileFd> root = Files.OpenAt2(null, "/", OpenFlags.O_PATH, ResolveFlags.RESOLVE_IN_ROOT);
        root.Value?.Dispose();
        return new(KernelFeature.OpenAt2, root.Ok, root.Errno);
    }

    /// <summary>
    /// A clone that is refused at the last moment: the pidfd's place in memory cannot be written to (EFAULT), which the
    /// kernel finds out after it has made the namespaces and before there is a child.
    /// </summary>
    private static Errno TryClone(CloneFlags namespaces) =>
        Interop.ErrnoOf(
            Interop.clone3(
                new CloneArguments
                {
                    Flags = namespaces | CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK | CloneFlags.CLONE_PIDFD,
                    PidFd = 1,
                }
            )
        );

    private static FeatureState CloneIntoCgroup()
    {
        // The pidfd comes first: were the flag unknown, EINVAL or E2BIG would come before.
        Errno errno = Interop.ErrnoOf(
            Interop.clone3(
                new CloneArguments
                {
                    Flags =
                        CloneFlags.CLONE_VM
                        | CloneFlags.CLONE_VFORK
                        | CloneFlags.CLONE_PIDFD
                        | CloneFlags.CLONE_INTO_CGROUP,
                    PidFd = 1,
                    Cgroup = NoDescriptor,
                }
            )
        );
        if (errno is not (Errno.EFAULT or Errno.EBADF))
        {
            return new(KernelFeature.CloneIntoCgroup, false, errno);
        }

        FeatureState mounted = KernelFeatures.Get(KernelFeature.CgroupV2);
        return mounted with { Feature = KernelFeature.CloneIntoCgroup };
    }

    private static FeatureState UserNamespaces()
    {
        Errno errno = TryClone(CloneFlags.CLONE_NEWUSER);
        if (errno != Errno.EFAULT)
        {
            return new(KernelFeature.UserNamespaces, false, errno);
        }

        // Where AppArmor restricts them, the namespace can be made, but nothing can be done in it.
        SysResult<byte[]> restricted = Files.ReadAllAt(
            null,
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            64
        );
        return restricted.Ok && restricted.Value is [(byte)'1', ..] && !HasAdministrator
            ? new(
                KernelFeature.UserNamespaces,
                false,
                Errno.EPERM,
                "AppArmor lets ordinary users make them but takes every capability away in them"
            )
            : new(KernelFeature.UserNamespaces, true);
    }

    private static FeatureState Namespace(KernelFeature feature, CloneFlags kind)
    {
        Errno errno = TryClone(HasAdministrator ? kind : kind | CloneFlags.CLONE_NEWUSER);
        return new(feature, errno == Errno.EFAULT, errno == Errno.EFAULT ? Errno.None : errno);
    }

    private static bool HasAdministrator => Capabilities.Get().Value.Effective.Contains(Capability.CAP_SYS_ADMIN);

    private static FeatureState IdMappedMounts()
    {
        using Borrowed workingDirectory = new(null);
        MountAttribute attribute = new() { Set = MountAttributeFlags.MOUNT_ATTR_IDMAP, UserNamespace = NoDescriptor };
        nint raw = Interop.mount_setattr(workingDirectory.Number, "/", AtFlags.None, attribute);
        return Expect(KernelFeature.IdMappedMounts, raw, Errno.EBADF);
    }

    private static FeatureState Overlay()
    {
        SysResult<FileSystemContextFd> context = Mounts.FsOpen("overlay");
        if (context.Ok)
        {
            context.Value.Dispose();
            return new(KernelFeature.Overlay, true);
        }

        if (context.Errno == Errno.ENODEV)
        {
            return new(KernelFeature.Overlay, false, Errno.ENODEV, "the kernel has no file system 'overlay'");
        }

        // fsopen is not for everybody: what is registered, anybody can read.
        SysResult<byte[]> registered = Files.ReadAllAt(null, "/proc/filesystems", 1 << 16);
        return registered.Value.AsSpan().IndexOf("\toverlay\n"u8) >= 0
            ? new(KernelFeature.Overlay, true)
            : new(KernelFeature.Overlay, false, Errno.ENODEV, "no file system 'overlay' is registered");
    }

    private static FeatureState Landlock()
    {
        const int version = 1; // LANDLOCK_CREATE_RULESET_VERSION
        nint raw = Interop.Call(Syscall.landlock_create_ruleset, 0, 0, version);
        return new(KernelFeature.Landlock, raw > 0, Interop.ErrnoOf(raw), Detail: raw > 0 ? (int)raw : 0);
    }

    private static FeatureState CgroupV2()
    {
        SysResult<CgroupLayout> layout = CgroupLayout.Read();
        return layout.Ok && layout.Value.Unified is not null
            ? new(KernelFeature.CgroupV2, true)
            : new(KernelFeature.CgroupV2, false, layout.Errno, "cgroup v2 is not mounted");
    }

    /// <summary>The root of the tree lacks these files, so it takes a group below to see: the own one, or any.</summary>
    private static FeatureState CgroupFile(KernelFeature feature, string file)
    {
        SysResult<CgroupLayout> layout = CgroupLayout.Read();
        if (!layout.Ok || layout.Value.Unified is not CgroupHierarchy unified)
        {
            return new(feature, false, layout.Errno, "cgroup v2 is not mounted");
        }

        foreach (string group in GroupsIn(unified))
        {
            if (Access($"{group}/{file}") == 0)
            {
                return new(feature, true);
            }

            // Or it went away meanwhile.
            if (Access($"{group}/cgroup.events") == 0)
            {
                return new(feature, false, Errno.ENOENT, $"'{group}' has no file '{file}'");
            }
        }

        return new(
            feature,
            false,
            Errno.None,
            "cgroup v2 has no group below its root in which to look",
            Help: $"make one (mkdir {unified.MountPoint}/look) and ask again"
        );
    }

    /// <summary>The kernel makes these files and each group's together, or neither where pressure is switched off.</summary>
    private static FeatureState Pressure()
    {
        FeatureState mounted = KernelFeatures.Get(KernelFeature.CgroupV2);
        return mounted.Present
            ? Expect(KernelFeature.CgroupPressure, Access("/proc/pressure/memory"), Errno.None)
            : mounted with
            {
                Feature = KernelFeature.CgroupPressure,
            };
    }

    private static List<string> GroupsIn(CgroupHierarchy unified)
    {
        List<string> groups = unified.OwnDirectory is { } own ? [own] : [];
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, unified.MountPoint);
        if (!opened.Ok)
        {
            return groups;
        }

        using DirectoryFd directory = opened.Value;
        foreach (DirectoryEntry entry in DirectoryEntries.Read(directory).Value)
        {
            if (entry.Type == FileModes.S_IFDIR)
            {
                groups.Add($"{unified.MountPoint}/{entry.Name}");
            }
        }

        return groups;
    }
}
