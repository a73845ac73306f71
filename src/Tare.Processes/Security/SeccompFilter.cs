using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Which system calls a process may make, as the kernel takes it; <see cref="SeccompProfile.ToFilter"/> makes one of names.
/// seccomp(2).
/// </summary>
/// <param name="Instructions">Classic BPF over struct seccomp_data, 8 bytes each.</param>
public sealed record SeccompFilter(ImmutableArray<SocketFilter> Instructions)
{
    /// <summary>Further wishes.</summary>
    public SeccompFilterFlags Flags { get; init; }

    /// <summary>
    /// Decides about the calls for which the filter answers SECCOMP_RET_USER_NOTIF, by any process under it; null is nobody.
    /// </summary>
    public SystemCallHandler? Handler { get; init; }

    /// <summary>
    /// Told what <see cref="Handler"/> throws; the call then has failed with EPERM. Must not throw itself.
    /// </summary>
    public Action<SystemCall, Exception>? HandlerFailed { get; init; }

    /// <summary>
    /// It lets the calls through by which a process waits at a gate, so that it can be loaded before the process waits.
    /// </summary>
    internal bool LetsWait { get; init; }
}
