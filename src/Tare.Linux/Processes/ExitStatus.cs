using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>How a process ended: by itself with a code, or by a signal. wait(2).</summary>
/// <param name="ExitCode">The code, 0 to 255, or null where a signal ended it.</param>
/// <param name="Signal">The signal, or <see cref="Signal.None"/> where it ended by itself.</param>
/// <param name="CoreDumped">The kernel wrote a core dump.</param>
public readonly record struct ExitStatus(int? ExitCode, Signal Signal, bool CoreDumped)
{
    /// <summary>It ended by itself with code 0.</summary>
    public bool Success => ExitCode == 0;

    /// <summary>It ended by itself.</summary>
    public static ExitStatus Exited(int code) => new(code & 0xff, Signal.None, false);

    /// <summary>A signal ended it.</summary>
    public static ExitStatus Killed(Signal signal, bool coreDumped = false) => new(null, signal, coreDumped);

    /// <summary>The status word that wait(2) stores and PIDFD_GET_INFO returns.</summary>
    public static ExitStatus FromWaitStatus(int status) =>
        (status & 0x7f) == 0 ? Exited(status >> 8) : Killed((Signal)(status & 0x7f), (status & 0x80) != 0);

    /// <summary>The one number that shells make of it: the code, or 128 and the signal.</summary>
    public int ToShellStatus() => ExitCode ?? 128 + (int)Signal;

    /// <inheritdoc />
    public override string ToString() =>
        ExitCode is int code ? $"exit code {code}"
        : CoreDumped ? $"{SignalNames.NameOf(Signal)}, core dumped"
        : SignalNames.NameOf(Signal);
}
