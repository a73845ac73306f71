using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Both ends of a pipe; each belongs to the caller.</summary>
/// <param name="ReadEnd">What was written comes out here; at its end when every write end is closed.</param>
/// <param name="WriteEnd">Here it goes in; EPIPE when every read end is closed.</param>
public readonly record struct PipePair(PipeFd ReadEnd, PipeFd WriteEnd) : IDisposable
{
    /// <summary>Closes both ends.</summary>
    public void Dispose()
    {
        ReadEnd?.Dispose();
        WriteEnd?.Dispose();
    }
}

/// <summary>Pipes. pipe(7).</summary>
public static class Pipes
{
    /// <summary>A new pipe, both ends close-on-exec. pipe2(2).</summary>
    public static SysResult<PipePair> Create(OpenFlags flags = OpenFlags.O_RDONLY)
    {
        nint raw = Interop.pipe2(flags | OpenFlags.O_CLOEXEC, out int readEnd, out int writeEnd);
        return raw < 0
            ? Interop.Failed<PipePair>(raw)
            : new(new(new PipeFd(readEnd), new PipeFd(writeEnd)), Errno.None);
    }

    /// <summary>How much a pipe holds, in bytes. fcntl(2), F_GETPIPE_SZ. EBADF: it is no pipe.</summary>
    public static SysResult<int> GetSize(FileDescriptor end)
    {
        using Borrowed descriptor = new(end);
        return Interop.IntResult(Interop.Call(Syscall.fcntl, descriptor.Number, (nint)FcntlCommand.F_GETPIPE_SZ));
    }

    /// <summary>Lets a pipe hold more, or less. fcntl(2), F_SETPIPE_SZ.</summary>
    /// <param name="end">Either of its ends.</param>
    /// <param name="size">How much at least, in bytes; the kernel takes the next power of two pages.</param>
    /// <returns>EPERM: it is more than fs.pipe-max-size, and this process lacks CAP_SYS_RESOURCE. EBUSY: it holds more.</returns>
    public static SysResult SetSize(FileDescriptor end, int size)
    {
        using Borrowed descriptor = new(end);
        nint raw = Interop.Call(Syscall.fcntl, descriptor.Number, (nint)FcntlCommand.F_SETPIPE_SZ, size);
        return new(Interop.ErrnoOf(raw));
    }
}
