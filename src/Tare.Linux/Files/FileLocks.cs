using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Locks on parts of files that belong to the open file, as flock(2)'s do, and not to the process: threads exclude each
/// other too, and closing another descriptor of the same file gives nothing up. fcntl(2), "Open file description locks".
/// </summary>
public static class FileLocks
{
    /// <summary>
    /// Sets, changes or (F_UNLCK) takes away a lock. EAGAIN: another open file has one that conflicts, and
    /// <paramref name="wait"/> is false. EBADF: the file is not open for what the lock's type says.
    /// </summary>
    /// <param name="file">A file.</param>
    /// <param name="type">F_RDLCK, which several can have; F_WRLCK; F_UNLCK.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="length">How many bytes; 0 is to the end, however the file grows.</param>
    /// <param name="wait">Wait for who has it. Circles of waiting are not found.</param>
    public static SysResult Set(
        FileDescriptor file,
        FileLockType type,
        long start = 0,
        long length = 0,
        bool wait = false
    )
    {
        FileLockRange range = new()
        {
            Type = type,
            Start = start,
            Length = length,
        };
        using Borrowed descriptor = new(file);
        nint raw;
        do
        {
            raw = Interop.fcntl(
                descriptor.Number,
                wait ? FcntlCommand.F_OFD_SETLKW : FcntlCommand.F_OFD_SETLK,
                ref range
            );
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }

    /// <summary>The first lock that keeps one of this type from being set; F_UNLCK where none does.</summary>
    public static SysResult<FileLockRange> GetConflict(
        FileDescriptor file,
        FileLockType type,
        long start = 0,
        long length = 0
    )
    {
        FileLockRange range = new()
        {
            Type = type,
            Start = start,
            Length = length,
        };
        using Borrowed descriptor = new(file);
        nint raw = Interop.fcntl(descriptor.Number, FcntlCommand.F_OFD_GETLK, ref range);
        return new(range, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Takes a lease: this process gets SIGIO (or <see cref="DescriptorTable.SignalWhenReadable"/>'s) before another opens the
    /// file against it, which waits until the lease is given up or /proc/sys/fs/lease-break-time is over. EAGAIN: it is open
    /// already. F_SETLEASE.
    /// </summary>
    public static SysResult SetLease(FileDescriptor file, FileLockType type)
    {
        using Borrowed descriptor = new(file);
        return Interop.Result(
            Interop.Call(Syscall.fcntl, descriptor.Number, (nint)(int)FcntlCommand.F_SETLEASE, (nint)(int)type)
        );
    }

    /// <summary>The lease, F_UNLCK for none; while it is being broken, what it is to become. F_GETLEASE.</summary>
    public static SysResult<FileLockType> GetLease(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.Call(Syscall.fcntl, descriptor.Number, (nint)(int)FcntlCommand.F_GETLEASE);
        return new((FileLockType)(short)raw, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Takes a delegation: a lease that also directories have (F_RDLCK), which is broken by whoever makes, renames or removes
    /// something in it, and of files by changes of their status too. The signal and the waiting are <see cref="SetLease"/>'s.
    /// EAGAIN: it is in use against it. EINVAL: before Linux 6.19. F_SETDELEG.
    /// </summary>
    public static SysResult SetDelegation(FileDescriptor file, FileLockType type)
    {
        using Borrowed descriptor = new(file);
        FileDelegation delegation = new() { Type = type };
        return Interop.Result(Interop.fcntl(descriptor.Number, FcntlCommand.F_SETDELEG, ref delegation));
    }

    /// <summary>The delegation, F_UNLCK for none; while it is being broken, what it is to become. F_GETDELEG, Linux 6.19.</summary>
    public static SysResult<FileLockType> GetDelegation(FileDescriptor file)
    {
        using Borrowed descriptor = new(file);
        FileDelegation delegation = default;
        nint raw = Interop.fcntl(descriptor.Number, FcntlCommand.F_GETDELEG, ref delegation);
        return new(delegation.Type, Interop.ErrnoOf(raw));
    }
}
