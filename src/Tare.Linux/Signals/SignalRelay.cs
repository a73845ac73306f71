using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// All signals of this process that somebody wants to read, through one pipe that is never closed: a handler may run on some
/// thread long after it has been replaced. Whatever handler a signal had (the runtime's, for one) runs as before, right
/// after. Nothing is blocked in any thread, and nothing is inherited by programs. Thread-safe.
/// </summary>
public sealed class SignalRelay
{
    private const int PipeSize = 1 << 20;

    private readonly Lock _gate = new();
    private readonly PipePair _pipe;
    private readonly Dictionary<Signal, Caught> _caught = [];

    private SignalRelay(PipePair pipe) => _pipe = pipe;

    private sealed record Caught(SignalAction Before, nint Handler)
    {
        public int Wanted { get; set; } = 1;

        public bool Installed { get; set; } = true;
    }

    /// <summary>Readable when a signal has come. Up to 8,192 of them wait (512 where pipes are kept small); more are lost.</summary>
    public FileDescriptor Descriptor => _pipe.ReadEnd;

    /// <summary>A new one; there is no way to be rid of it.</summary>
    public static SysResult<SignalRelay> Create()
    {
        SysResult<PipePair> created = Pipes.Create(OpenFlags.O_NONBLOCK);
        if (!created.Ok)
        {
            return new(null!, created.Errno);
        }

        // Refused where the user has too many pages in pipes already: fewer signals wait then.
        Pipes.SetSize(created.Value.WriteEnd, PipeSize);
        return new(new SignalRelay(created.Value), Errno.None);
    }

    /// <summary>
    /// Whether a signal can be read: not those that cannot be caught, that a thread's own fault brings, or that the C library
    /// and the runtime use among themselves.
    /// </summary>
    public static bool CanCatch(Signal signal) =>
        signal is > 0 and <= Signal.SIGRTMAX
        && signal
            is not (
                Signal.SIGKILL
                or Signal.SIGSTOP
                or Signal.SIGSEGV
                or Signal.SIGBUS
                or Signal.SIGFPE
                or Signal.SIGILL
                or Signal.SIGTRAP
                or Signal.SIGABRT
                or Signal.SIGSYS
                or Signal.SIGRTMIN
                or (Signal.SIGRTMIN + 1)
                or (Signal.SIGRTMIN + 2)
            );

    /// <summary>
    /// Catches a signal, once for every call. One that is ignored stays ignored, as whoever started this process wants it;
    /// its default action does not happen.
    /// </summary>
    public SysResult Catch(Signal signal)
    {
        if (!CanCatch(signal))
        {
            return new(Errno.EINVAL);
        }

        lock (_gate)
        {
            // Still in the chain of a handler that was set over it: it goes on to serve.
            if (_caught.TryGetValue(signal, out Caught? known) && (known.Wanted > 0 || !known.Installed))
            {
                known.Wanted++;
                return default;
            }

            nint raw = Interop.rt_sigaction(signal, out SignalAction before);
            if (raw < 0 || before.Handler == SignalAction.Ignore)
            {
                return Interop.Result(raw);
            }

            SysResult<SignalAction> made = MakeHandler(before);
            if (!made.Ok)
            {
                return new(made.Errno);
            }

            raw = Interop.rt_sigaction(signal, made.Value, out before);
            if (raw >= 0)
            {
                _caught[signal] = new Caught(before, made.Value.Handler);
            }

            return Interop.Result(raw);
        }
    }

    /// <summary>
    /// Undoes one <see cref="Catch"/>. After the last one what happened before happens again, unless somebody has set a handler
    /// of his own since, which stays.
    /// </summary>
    public void Release(Signal signal)
    {
        lock (_gate)
        {
            if (!_caught.TryGetValue(signal, out Caught? caught) || --caught.Wanted > 0)
            {
                return;
            }

            Interop.rt_sigaction(signal, out SignalAction present);
            if (present.Handler != caught.Handler)
            {
                caught.Installed = false;
                return;
            }

            Interop.rt_sigaction(signal, caught.Before, out _);
            _caught.Remove(signal);
        }
    }

    /// <summary>The next signal; EAGAIN where none is there.</summary>
    public SysResult<SignalDetails> Read()
    {
        Span<byte> info = stackalloc byte[SignalHandlerCode.InfoSize];
        SysResult<int> count = Files.Read(_pipe.ReadEnd, info);
        return new(count.Ok ? SignalDetails.From(info) : default, count.Errno);
    }

    // The code is never given back, for the same reason as the pipe.
    private SysResult<SignalAction> MakeHandler(SignalAction before)
    {
        byte[] plain = SignalHandlerCode.For(Interop.RunningOn, _pipe.WriteEnd.Number);
        byte[] code =
            before.Handler == SignalAction.Default
                ? plain
                : [.. plain, .. SignalHandlerCode.For(Interop.RunningOn, _pipe.WriteEnd.Number, before.Handler)];
        SysResult<AnonymousMemory?> mapped = AnonymousMemory.Map(code.Length);
        if (!mapped.Ok)
        {
            return new(default, mapped.Errno);
        }

        AnonymousMemory memory = mapped.Value!;
        code.CopyTo(memory.Span);
        SysResult protect = memory.Protect(0, memory.Length, ProtectionFlags.PROT_READ | ProtectionFlags.PROT_EXEC);
        if (!protect.Ok)
        {
            memory.Dispose();
            return new(default, protect.Errno);
        }

        SignalAction action = new()
        {
            Handler = memory.Address + (before.Handler == SignalAction.Default ? 0 : plain.Length),
            Flags =
                SignalActionFlags.SA_SIGINFO
                | SignalActionFlags.SA_RESTART
                | (before.Flags & SignalActionFlags.SA_ONSTACK),
            Mask = before.Mask,
        };
        if (Interop.RunningOn == CpuArchitecture.X64)
        {
            action.Flags |= SignalActionFlags.SA_RESTORER;
            action.Restorer = memory.Address + SignalHandlerCode.Restorer;
        }

        return new(action, Errno.None);
    }
}
