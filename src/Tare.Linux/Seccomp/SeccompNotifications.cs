using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Receives and answers the calls that a filter has another process decide about. seccomp_unotify(2), Linux 5.0.</summary>
public static class SeccompNotifications
{
    /// <summary>
    /// The next call; waits for one. ENOENT: its thread was killed meanwhile, or nobody is under the filter any more.
    /// SECCOMP_IOCTL_NOTIF_RECV.
    /// </summary>
    public static SysResult<SeccompNotification> Receive(SeccompListenerFd listener)
    {
        using Borrowed descriptor = new(listener);
        while (true)
        {
            // The kernel refuses a struct that is not zero.
            SeccompNotification notification = default;
            nint raw = Interop.ioctl(descriptor.Number, IoctlRequest.SECCOMP_IOCTL_NOTIF_RECV, ref notification);
            if (!Interop.Interrupted(raw))
            {
                return new(notification, Interop.ErrnoOf(raw));
            }
        }
    }

    /// <summary>Answers a call. ENOENT: nobody waits for it any more. SECCOMP_IOCTL_NOTIF_SEND.</summary>
    public static SysResult Send(SeccompListenerFd listener, SeccompResponse response)
    {
        using Borrowed descriptor = new(listener);
        return Interop.Result(Interop.ioctl(descriptor.Number, IoctlRequest.SECCOMP_IOCTL_NOTIF_SEND, ref response));
    }

    /// <summary>
    /// Whether the call still waits. What was read of its process before is its process's if it does: the number may have
    /// become another's. SECCOMP_IOCTL_NOTIF_ID_VALID.
    /// </summary>
    public static bool IsWaiting(SeccompListenerFd listener, ulong id)
    {
        using Borrowed descriptor = new(listener);
        return Interop.ioctl(descriptor.Number, IoctlRequest.SECCOMP_IOCTL_NOTIF_ID_VALID, ref id) >= 0;
    }

    /// <summary>
    /// Gives the waiting process a descriptor; the value is its number there. With SEND the call returns it, in one step.
    /// ENOENT: nobody waits any more; EMFILE: it has no number left. SECCOMP_IOCTL_NOTIF_ADDFD, Linux 5.9.
    /// </summary>
    /// <param name="listener">The listener.</param>
    /// <param name="id">The call.</param>
    /// <param name="file">The descriptor; stays the caller's.</param>
    /// <param name="number">The number to have there, closing what it stood for; null is the lowest that is free.</param>
    /// <param name="closeOnExec">It is closed by execve there.</param>
    /// <param name="send">The call is answered with the number; Linux 5.14.</param>
    public static SysResult<int> AddDescriptor(
        SeccompListenerFd listener,
        ulong id,
        FileDescriptor file,
        int? number,
        bool closeOnExec,
        bool send
    )
    {
        using Borrowed descriptor = new(listener);
        using Borrowed source = new(file);
        SeccompAddDescriptor request = new()
        {
            Id = id,
            Flags =
                (number is null ? SeccompAddDescriptorFlags.None : SeccompAddDescriptorFlags.SECCOMP_ADDFD_FLAG_SETFD)
                | (send ? SeccompAddDescriptorFlags.SECCOMP_ADDFD_FLAG_SEND : SeccompAddDescriptorFlags.None),
            Source = (uint)source.Number,
            Number = (uint)(number ?? 0),
            NewFlags = closeOnExec ? OpenFlagsTable.For(OpenFlags.O_CLOEXEC, Interop.RunningOn) : 0,
        };
        return Interop.IntResult(Interop.ioctl(descriptor.Number, IoctlRequest.SECCOMP_IOCTL_NOTIF_ADDFD, ref request));
    }

    /// <summary>
    /// Has the kernel run the answering thread on the asking thread's processor, and back: a call costs a quarter then, but
    /// nobody else may be asked at the same time. SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP, Linux 6.6: EINVAL before.
    /// </summary>
    public static SysResult WakeSynchronously(SeccompListenerFd listener, bool on)
    {
        using Borrowed descriptor = new(listener);
        return Interop.Result(Interop.ioctl(descriptor.Number, IoctlRequest.SECCOMP_IOCTL_NOTIF_SET_FLAGS, on ? 1 : 0));
    }
}
