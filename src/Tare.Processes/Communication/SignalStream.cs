using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Signals of this process as something to read, with who sent them and what came along. Several streams can read the same
/// signal, and each gets it.
/// </summary>
/// <remarks>
/// <para>
/// A signalfd(2) would need the signal blocked in every thread, those of the runtime too, and every program that is started
/// would inherit that. Here a handler of a few instructions writes the kernel's siginfo into a pipe, whichever thread it runs
/// on; then the handler runs that was there before, .NET's for one: <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>,
/// Console.CancelKeyPress and System.Diagnostics.Process go on as they did.
/// </para>
/// <para>
/// What holds: the default action (ending, for most) does not happen while a stream is open, unless .NET handles the signal
/// and takes that action itself. A signal that this process ignores is not read. Ordinary signals coalesce in the kernel
/// while one waits to be delivered; real-time ones (35 to 64) do not. Of what is not read, thousands are kept and more is
/// lost. Who registers a handler with .NET for SIGINT, SIGTERM or SIGQUIT for the first time after the stream was opened takes
/// the signal from it: register first.
/// </para>
/// </remarks>
public sealed class SignalStream : IDisposable
{
    private readonly SignalSubscription subscription;

    private SignalStream(SignalSubscription subscription) => this.subscription = subscription;

    /// <summary>Whether a signal can be read: not SIGKILL and SIGSTOP, not faults, not those of C library and runtime.</summary>
    public static bool CanRead(Signal signal) => SignalRelay.CanCatch(signal);

    /// <summary>Takes signals from now on.</summary>
    /// <exception cref="ArgumentException">There is none, or one that cannot be read.</exception>
    /// <exception cref="KernelException">EMFILE, ENOMEM: there is no descriptor or memory left.</exception>
    public static SignalStream Open(params ReadOnlySpan<Signal> signals)
    {
        SignalSet set = default;
        foreach (Signal signal in signals)
        {
            set = CanRead(signal)
                ? set.With(signal)
                : throw new ArgumentException($"{SignalNames.NameOf(signal)} cannot be read", nameof(signals));
        }

        return set == SignalSet.Empty
            ? throw new ArgumentException("there is no signal to read", nameof(signals))
            : new(SignalSubscription.Begin(set));
    }

    /// <summary>The signals, as they come, until the stream is disposed.</summary>
    public async IAsyncEnumerable<SignalDetails> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } signal)
        {
            yield return signal;
        }
    }

    /// <summary>The next signal; null once the stream is disposed.</summary>
    public ValueTask<SignalDetails?> ReadAsync(CancellationToken cancellationToken = default) =>
        subscription.ReadAsync(cancellationToken);

    /// <summary>Takes no more signals; what happened on them before happens again.</summary>
    public void Dispose() => subscription.Dispose();
}
