using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Namespaces of processes: entering, leaving, finding. What changes here is the calling thread's, so programs with several
/// threads leave it to launched children. namespaces(7).
/// </summary>
public static partial class Namespaces
{
    // PROC_USER_INIT_INO of linux/proc_ns.h: namespaces made later have other numbers.
    private const ulong FirstUserNamespace = 0xEFFF_FFFD;

    /// <summary>
    /// This process is in the user namespace that the machine began with; so taken where there is no /proc to ask.
    /// </summary>
    public static bool IsInFirstUserNamespace =>
        Files.StatX(null, "/proc/self/ns/user", mask: StatXMask.STATX_INO) is not { Ok: true, Value: var status }
        || status.Inode == FirstUserNamespace;

    /// <summary>Enters a namespace. setns(2). EINVAL: it is of another kind; EPERM: no CAP_SYS_ADMIN in its owner.</summary>
    public static SysResult SetNs(NamespaceFd target, CloneFlags kind)
    {
        using Borrowed descriptor = new(target);
        return Interop.Result(Interop.Call(Syscall.setns, descriptor.Number, (nint)kind));
    }

    /// <summary>Enters several namespaces of a process at once. setns(2) with a pidfd, Linux 5.8.</summary>
    public static SysResult SetNs(PidFd process, CloneFlags kinds)
    {
        using Borrowed descriptor = new(process);
        return Interop.Result(Interop.Call(Syscall.setns, descriptor.Number, (nint)kinds));
    }

    /// <summary>Leaves namespaces for new ones. unshare(2).</summary>
    public static SysResult Unshare(CloneFlags kinds) => Interop.Result(Interop.Call(Syscall.unshare, (nint)kinds));

    /// <summary>
    /// A namespace of a process. Through the pidfd itself where the kernel can (PIDFD_GET_*_NAMESPACE, Linux 6.11);
    /// before, through /proc, and then the process is asked once more whether it still is the same.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <param name="processId">Its number in the PID namespace that /proc shows; used only where the pidfd is not enough.</param>
    /// <param name="kind">One CLONE_NEW flag.</param>
    public static SysResult<NamespaceFd> Open(PidFd process, int processId, CloneFlags kind)
    {
        IoctlRequest? request = RequestOf(kind);
        if (request is null)
        {
            return new(null!, Errno.EINVAL);
        }

        using (Borrowed descriptor = new(process))
        {
            nint raw = Interop.ioctl(descriptor.Number, request.Value);
            if (raw >= 0)
            {
                return new(new NamespaceFd((int)raw), Errno.None);
            }

            if (Interop.ErrnoOf(raw) is not (Errno.ENOTTY or Errno.EINVAL or Errno.EOPNOTSUPP))
            {
                return Interop.Failed<NamespaceFd>(raw);
            }
        }

        SysResult<NamespaceFd> opened = OpenPath($"/proc/{processId}/ns/{NamespaceKinds.NameOf(kind)}");
        if (opened.Ok && !PidFds.SendSignal(process, Signal.None).Ok)
        {
            opened.Value.Dispose();
            return new(null!, Errno.ESRCH);
        }

        return opened;
    }

    /// <summary>A namespace by its file, under /proc/PID/ns or bound elsewhere. EINVAL where the file is none.</summary>
    public static SysResult<NamespaceFd> OpenPath(BytePath path) => OpenPath(null, path);

    /// <summary>The same, from a directory: <c>ns/mnt</c> of a process's (<see cref="ProcDirectory"/>).</summary>
    public static SysResult<NamespaceFd> OpenPath(DirectoryFd? directory, BytePath path)
    {
        using Borrowed at = new(directory);
        nint raw = Interop.openat(at.Number, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK, FileModes.None);
        if (raw < 0)
        {
            return Interop.Failed<NamespaceFd>(raw);
        }

        NamespaceFd opened = new((int)raw);
        SysResult<StatFs> system = Files.FStatFs(opened);
        if (system.Ok && system.Value.Type == FileSystemMagic.NSFS_MAGIC)
        {
            return new(opened, Errno.None);
        }

        opened.Dispose();
        return new(null!, system.Ok ? Errno.EINVAL : system.Errno);
    }

    /// <summary>A namespace of the calling thread.</summary>
    public static SysResult<NamespaceFd> OpenOwn(CloneFlags kind) =>
        OpenPath($"/proc/thread-self/ns/{NamespaceKinds.NameOf(kind)}");

    /// <summary>Of which kind a namespace is: one CLONE_NEW flag. ioctl_ns(2), NS_GET_NSTYPE.</summary>
    public static SysResult<CloneFlags> KindOf(NamespaceFd target)
    {
        using Borrowed descriptor = new(target);
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.NS_GET_NSTYPE);
        return raw < 0 ? Interop.Failed<CloneFlags>(raw) : new((CloneFlags)(ulong)raw, Errno.None);
    }

    /// <summary>The user namespace that owns it. EPERM where that lies outside the caller's. ioctl_ns(2), NS_GET_USERNS.</summary>
    public static SysResult<NamespaceFd> OwnerOf(NamespaceFd target) => Related(target, IoctlRequest.NS_GET_USERNS);

    /// <summary>The parent of a PID or user namespace; EPERM at the top. ioctl_ns(2), NS_GET_PARENT.</summary>
    public static SysResult<NamespaceFd> ParentOf(NamespaceFd target) => Related(target, IoctlRequest.NS_GET_PARENT);

    /// <summary>Who made a user namespace, as a uid of the caller's. ioctl_ns(2), NS_GET_OWNER_UID.</summary>
    public static SysResult<uint> OwnerUidOf(NamespaceFd userNamespace)
    {
        using Borrowed descriptor = new(userNamespace);
        uint owner = 0;
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.NS_GET_OWNER_UID, ref owner);
        return new(owner, Interop.ErrnoOf(raw));
    }

    /// <summary>What tells namespaces apart: the number that <c>/proc/PID/ns/*</c> shows in brackets.</summary>
    public static SysResult<ulong> IdentityOf(NamespaceFd target)
    {
        SysResult<StatX> status = Files.StatX(target, StatXMask.STATX_INO);
        return new(status.Value.Inode, status.Errno);
    }

    private static SysResult<NamespaceFd> Related(NamespaceFd target, IoctlRequest request)
    {
        using Borrowed descriptor = new(target);
        nint raw = Interop.ioctl(descriptor.Number, request);
        return raw < 0 ? Interop.Failed<NamespaceFd>(raw) : new(new NamespaceFd((int)raw), Errno.None);
    }

    private static IoctlRequest? RequestOf(CloneFlags kind) =>
        kind switch
        {
            CloneFlags.CLONE_NEWCGROUP => IoctlRequest.PIDFD_GET_CGROUP_NAMESPACE,
            CloneFlags.CLONE_NEWIPC => IoctlRequest.PIDFD_GET_IPC_NAMESPACE,
            CloneFlags.CLONE_NEWNS => IoctlRequest.PIDFD_GET_MNT_NAMESPACE,
            CloneFlags.CLONE_NEWNET => IoctlRequest.PIDFD_GET_NET_NAMESPACE,
            CloneFlags.CLONE_NEWPID => IoctlRequest.PIDFD_GET_PID_NAMESPACE,
            CloneFlags.CLONE_NEWTIME => IoctlRequest.PIDFD_GET_TIME_NAMESPACE,
            CloneFlags.CLONE_NEWUSER => IoctlRequest.PIDFD_GET_USER_NAMESPACE,
            CloneFlags.CLONE_NEWUTS => IoctlRequest.PIDFD_GET_UTS_NAMESPACE,
            _ => null,
        };
}
