using System.Runtime.CompilerServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Namespaces
{
    /// <summary>
    /// The PID or time namespace that a process's children will be in. EINVAL for another kind; EOPNOTSUPP: a PID namespace
    /// that nobody is in yet; ENOTTY: before Linux 6.11.
    /// </summary>
    public static SysResult<NamespaceFd> OpenForChildren(PidFd process, CloneFlags kind)
    {
        IoctlRequest? request = kind switch
        {
            CloneFlags.CLONE_NEWPID => IoctlRequest.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE,
            CloneFlags.CLONE_NEWTIME => IoctlRequest.PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE,
            _ => null,
        };
        if (request is null)
        {
            return new(null!, Errno.EINVAL);
        }

        using Borrowed descriptor = new(process);
        nint raw = Interop.ioctl(descriptor.Number, request.Value);
        return raw < 0 ? Interop.Failed<NamespaceFd>(raw) : new(new NamespaceFd((int)raw), Errno.None);
    }

    /// <summary>
    /// The number and the count of mounts of a mount namespace. EINVAL: it is of another kind; ENOTTY: before Linux 6.12.
    /// NS_MNT_GET_INFO.
    /// </summary>
    public static SysResult<MountNamespaceInfo> MountsOf(NamespaceFd mountNamespace)
    {
        using Borrowed descriptor = new(mountNamespace);
        MountNamespaceInfo info = new() { Size = (uint)Unsafe.SizeOf<MountNamespaceInfo>() };
        nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.NS_MNT_GET_INFO, ref info);
        return new(info, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// The mount namespace that was made after another, of those that the caller may administer. ENOENT: there is none;
    /// ENOTTY: before Linux 6.12. NS_MNT_GET_NEXT.
    /// </summary>
    public static SysResult<NamespaceFd> NextMountNamespace(NamespaceFd mountNamespace) =>
        Neighbour(mountNamespace, IoctlRequest.NS_MNT_GET_NEXT);

    /// <summary>The one that was made before. NS_MNT_GET_PREV.</summary>
    public static SysResult<NamespaceFd> PreviousMountNamespace(NamespaceFd mountNamespace) =>
        Neighbour(mountNamespace, IoctlRequest.NS_MNT_GET_PREV);

    /// <summary>
    /// The caller's number for a process that a PID namespace knows by another. ESRCH: there is none; ENOTTY: before
    /// Linux 6.11. NS_GET_TGID_FROM_PIDNS.
    /// </summary>
    /// <param name="pidNamespace">The PID namespace.</param>
    /// <param name="processId">The number there.</param>
    public static SysResult<int> NumberFrom(NamespaceFd pidNamespace, int processId) =>
        Number(pidNamespace, IoctlRequest.NS_GET_TGID_FROM_PIDNS, processId);

    /// <summary>The number in a PID namespace of a process that the caller knows by another. NS_GET_TGID_IN_PIDNS.</summary>
    /// <param name="pidNamespace">The PID namespace.</param>
    /// <param name="processId">The caller's number.</param>
    public static SysResult<int> NumberIn(NamespaceFd pidNamespace, int processId) =>
        Number(pidNamespace, IoctlRequest.NS_GET_TGID_IN_PIDNS, processId);

    private static SysResult<int> Number(NamespaceFd pidNamespace, IoctlRequest request, int processId)
    {
        using Borrowed descriptor = new(pidNamespace);
        return Interop.IntResult(Interop.ioctl(descriptor.Number, request, processId));
    }

    private static SysResult<NamespaceFd> Neighbour(NamespaceFd mountNamespace, IoctlRequest request)
    {
        using Borrowed descriptor = new(mountNamespace);
        MountNamespaceInfo info = new() { Size = (uint)Unsafe.SizeOf<MountNamespaceInfo>() };
        nint raw = Interop.ioctl(descriptor.Number, request, ref info);
        return raw < 0 ? Interop.Failed<NamespaceFd>(raw) : new(new NamespaceFd((int)raw), Errno.None);
    }
}
