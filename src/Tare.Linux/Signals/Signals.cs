using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>The calling thread's signal mask, and signals as data.</summary>
public static class Signals
{
    /// <summary>
    /// Changes the calling thread's mask; the result is what it was. The caller must not change threads before it restores
    /// it: no await in between. rt_sigprocmask(2).
    /// </summary>
    public static SysResult<SignalSet> SetMask(SignalMaskHow how, SignalSet set)
    {
        nint raw = Interop.rt_sigprocmask(how, set.Bits, out ulong previous);
        return new(new SignalSet(previous), Interop.ErrnoOf(raw));
    }

    /// <summary>The calling thread's mask.</summary>
    public static SignalSet GetMask() => SetMask(SignalMaskHow.SIG_BLOCK, SignalSet.Empty).Value;

    /// <summary>
    /// The signals that this process ignores: what it was started with, as by nohup(1) or a shell's <c>&amp;</c>, and SIGPIPE,
    /// which .NET ignores. Programs that it executes ignore them too. sigaction(2).
    /// </summary>
    public static SignalSet GetIgnored()
    {
        SignalSet ignored = SignalSet.Empty;
        for (int number = 1; number <= SignalSet.Count; number++)
        {
            Signal signal = (Signal)number;
            nint raw = Interop.rt_sigaction(signal, out SignalAction present);
            if (raw >= 0 && present.Handler == SignalAction.Ignore)
            {
                ignored = ignored.With(signal);
            }
        }

        return ignored;
    }

    /// <summary>
    /// A descriptor to read signals from, as <see cref="SignalFdInfo"/>; they must be blocked in every thread, or one of
    /// them takes the signal the ordinary way. signalfd(2).
    /// </summary>
    public static SysResult<SignalFd> Open(SignalSet set, bool nonBlocking = false)
    {
        OpenFlags flags = OpenFlags.O_CLOEXEC | (nonBlocking ? OpenFlags.O_NONBLOCK : OpenFlags.O_RDONLY);
        nint raw = Interop.signalfd4(-1, set.Bits, flags);
        return raw < 0 ? Interop.Failed<SignalFd>(raw) : new(new SignalFd((int)raw), Errno.None);
    }

    /// <summary>The next signal; EAGAIN where none is there and the descriptor does not block.</summary>
    public static SysResult<SignalFdInfo> Read(SignalFd source)
    {
        SignalFdInfo info = default;
        SysResult<int> count = Files.Read(
            source,
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<SignalFdInfo>(ref info))
        );
        return new(info, count.Errno);
    }
}
