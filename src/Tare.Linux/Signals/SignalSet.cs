using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A set of signals, as the kernel keeps it: 64 bits, signal 1 in the lowest. sigsetops(3).</summary>
/// <param name="Bits">The bits.</param>
public readonly record struct SignalSet(ulong Bits)
{
    internal const int Count = 64;

    /// <summary>No signal.</summary>
    public static SignalSet Empty => default;

    /// <summary>Every signal (the kernel leaves out SIGKILL and SIGSTOP by itself).</summary>
    public static SignalSet Full => new(ulong.MaxValue);

    /// <summary>The given ones.</summary>
    public static SignalSet Of(params ReadOnlySpan<Signal> signals)
    {
        SignalSet set = default;
        foreach (Signal signal in signals)
        {
            set = set.With(signal);
        }

        return set;
    }

    /// <summary>The set and one more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No signal has that number.</exception>
    public SignalSet With(Signal signal) => new(Bits | Bit(signal));

    /// <summary>The set without one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No signal has that number.</exception>
    public SignalSet Without(Signal signal) => new(Bits & ~Bit(signal));

    /// <summary>The signal is in the set.</summary>
    public bool Contains(Signal signal) => (int)signal is >= 1 and <= Count && (Bits & Bit(signal)) != 0;

    /// <summary>The signals of the set, in the order of their numbers.</summary>
    public IEnumerator<Signal> GetEnumerator()
    {
        for (int number = 1; number <= Count; number++)
        {
            if (Contains((Signal)number))
            {
                yield return (Signal)number;
            }
        }
    }

    private static ulong Bit(Signal signal) =>
        (int)signal is >= 1 and <= Count
            ? 1UL << ((int)signal - 1)
            : throw new ArgumentOutOfRangeException(nameof(signal), signal, $"signals are numbered 1 to {Count}");
}
