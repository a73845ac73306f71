using System.Buffers.Binary;
using System.Collections.Concurrent;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Signals as something to wait for and to read, whichever thread they come to. Other than with a signalfd(2) nothing is
/// blocked, neither in threads that the runtime made nor in programs that this process executes.
/// </summary>
public sealed class SignalPipe : IDisposable
{
    // SI_KERNEL
    private const int FromKernel = 0x80;

    // A handler can still be on its way on some thread after it has been replaced. So a pipe is never closed: its number could
    // have become another file's by then. It serves the next one.
    private static readonly ConcurrentBag<PipePair> Free = [];

    private readonly PipePair pipe;
    private readonly List<(Signal Signal, SignalAction Before)> caught = [];
    private int disposed;

    private SignalPipe(PipePair pipe) => this.pipe = pipe;

    /// <summary>Readable when a signal has come.</summary>
    public FileDescriptor Descriptor => pipe.ReadEnd;

    /// <summary>
    /// Catches signals from now on. Those that are ignored stay ignored: whoever started this process wants them to be
    /// (nohup, a shell's background job).
    /// </summary>
    public static SysResult<SignalPipe> Open(params ReadOnlySpan<Signal> signals)
    {
        if (!Free.TryTake(out PipePair pipe))
        {
            SysResult<PipePair> created = Pipes.Create(OpenFlags.O_NONBLOCK);
            if (!created.Ok)
            {
                return new(null!, created.Errno);
            }

            pipe = created.Value;
        }

        SignalPipe opened = new(pipe);

        // What came late for the one before.
        while (opened.Read().Ok) { }
        Errno errno = opened.Catch(signals);
        if (errno == Errno.None)
        {
            return new(opened, Errno.None);
        }

        opened.Dispose();
        return new(null!, errno);
    }

    /// <summary>The next signal; EAGAIN where none is there.</summary>
    public SysResult<CaughtSignal> Read()
    {
        Span<byte> info = stackalloc byte[SignalHandlerCode.InfoSize];
        SysResult<int> count = Files.Read(pipe.ReadEnd, info);
        return count.Ok
            ? new(
                new(
                    (Signal)BinaryPrimitives.ReadInt32LittleEndian(info),
                    BinaryPrimitives.ReadInt32LittleEndian(info[8..]) == FromKernel
                ),
                Errno.None
            )
            : new(default, count.Errno);
    }

    /// <summary>What happened on these signals before happens again.</summary>
    public void Dispose()
    {
        foreach ((Signal signal, SignalAction before) in caught)
        {
            Interop.rt_sigaction(signal, before, out _);
        }

        caught.Clear();
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            Free.Add(pipe);
        }
    }

    private Errno Catch(ReadOnlySpan<Signal> signals)
    {
        byte[] code = SignalHandlerCode.For(Interop.RunningOn, pipe.WriteEnd.Number);

        // Never given back: a handler could be running in it on another thread even after it has been replaced.
        SysResult<AnonymousMemory?> mapped = AnonymousMemory.Map(code.Length);
        if (!mapped.Ok)
        {
            return mapped.Errno;
        }

        AnonymousMemory memory = mapped.Value!;
        code.CopyTo(memory.Span);
        SysResult protect = memory.Protect(0, memory.Length, ProtectionFlags.PROT_READ | ProtectionFlags.PROT_EXEC);
        if (!protect.Ok)
        {
            memory.Dispose();
            return protect.Errno;
        }

        SignalAction action = new()
        {
            Handler = memory.Address,
            Flags = SignalActionFlags.SA_SIGINFO | SignalActionFlags.SA_RESTART,
        };
        if (Interop.RunningOn == CpuArchitecture.X64)
        {
            action.Flags |= SignalActionFlags.SA_RESTORER;
            action.Restorer = memory.Address + SignalHandlerCode.Restorer;
        }

        foreach (Signal signal in signals)
        {
            nint raw = Interop.rt_sigaction(signal, out SignalAction before);
            if (raw >= 0 && before.Handler == SignalAction.Ignore)
            {
                continue;
            }

            raw = raw < 0 ? raw : Interop.rt_sigaction(signal, action, out before);
            if (raw < 0)
            {
                return Interop.ErrnoOf(raw);
            }

            caught.Add((signal, before));
        }

        return Errno.None;
    }
}
