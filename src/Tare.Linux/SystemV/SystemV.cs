using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Shared memory, semaphores and message queues of System V: known by keys and numbers, of the caller's IPC namespace; they stay
/// until they are removed. sysvipc(7). ENOSYS where the kernel has no CONFIG_SYSVIPC.
/// </summary>
public static partial class SystemV
{
    /// <summary>A key that finds nothing and makes something new each time. IPC_PRIVATE.</summary>
    public const int NoKey = 0;

    private const int StatusSize = 120;

    private static nint Flags(SystemVFlags flags, FileModes mode) => (nint)((int)flags | ((int)mode & 0x1ff));
}
