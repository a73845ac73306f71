using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A signal that came to this process.</summary>
/// <param name="Signal">Which.</param>
/// <param name="IsFromKernel">
/// The kernel sent it by itself (a key on the terminal, a hang-up), to a whole process group as a rule; otherwise a
/// process did.
/// </param>
public readonly record struct CaughtSignal(Signal Signal, bool IsFromKernel);
