using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A child was stopped, or goes on. waitid(2), WSTOPPED and WCONTINUED.</summary>
/// <param name="IsStopped">It stands still; false: it goes on.</param>
/// <param name="Signal">What stopped it, or SIGCONT.</param>
public readonly record struct ChildStateChange(bool IsStopped, Signal Signal);
