using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Memory barriers on all threads at once, so that a path which is taken often needs none: among threads of one process
/// <see cref="Interlocked.MemoryBarrierProcessWide"/> does the same, among processes that share memory only these do.
/// membarrier(2).
/// </summary>
public static class MemoryBarriers
{
    /// <summary>The commands that the kernel knows. Linux 4.3.</summary>
    public static SysResult<MemoryBarrierCommands> Query() => Ask(MemoryBarrierCommands.MEMBARRIER_CMD_QUERY);

    /// <summary>What this process has registered for. MEMBARRIER_CMD_GET_REGISTRATIONS, Linux 6.3: EINVAL before.</summary>
    public static SysResult<MemoryBarrierCommands> Registrations() =>
        Ask(MemoryBarrierCommands.MEMBARRIER_CMD_GET_REGISTRATIONS);

    /// <summary>
    /// Gives one command: registers this process, or has every running thread concerned pass a barrier before it returns. EPERM:
    /// the process has not registered for it. EINVAL: the kernel does not know it.
    /// </summary>
    /// <param name="command">Which.</param>
    /// <param name="processor">
    /// With MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ: only the thread on this processor, and its sequence is restarted. Linux 5.10.
    /// </param>
    public static SysResult Issue(MemoryBarrierCommands command, int? processor = null) =>
        Interop.Result(Interop.Call(Syscall.membarrier, (nint)(int)command, processor is null ? 0 : 1, processor ?? 0));

    private static SysResult<MemoryBarrierCommands> Ask(MemoryBarrierCommands command)
    {
        nint raw = Interop.Call(Syscall.membarrier, (nint)(int)command);
        return raw < 0 ? Interop.Failed<MemoryBarrierCommands>(raw) : new((MemoryBarrierCommands)(int)raw, Errno.None);
    }
}
