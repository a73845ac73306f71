using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Which system calls a process may make. seccomp(2).</summary>
/// <param name="Instructions">Classic BPF over struct seccomp_data, 8 bytes each.</param>
public sealed record SeccompFilter(ImmutableArray<SocketFilter> Instructions)
{
    /// <summary>Further wishes.</summary>
    public SeccompFilterFlags Flags { get; init; }
}
