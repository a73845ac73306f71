using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class SystemV
{
    /// <summary>
    /// The number of a set with that key, or with IPC_CREAT of a new one, all zero. ENOENT, EEXIST; EINVAL: it has fewer; ENOSPC:
    /// kernel.sem. semget(2).
    /// </summary>
    public static SysResult<int> GetSemaphores(
        int key,
        int count,
        SystemVFlags flags,
        FileModes mode = FileModes.None
    ) => Interop.IntResult(Interop.Call(Syscall.semget, key, count, Flags(flags, mode)));

    /// <summary>How many semaphores a set has. semctl(2), IPC_STAT.</summary>
    public static SysResult<int> CountSemaphores(int set)
    {
        Span<byte> status = stackalloc byte[StatusSize];
        nint raw = Interop.systemv_stat(Syscall.semctl, set, status);

        // The times have a word of padding each on x64.
        int at = Interop.RunningOn == CpuArchitecture.Arm64 ? 64 : 80;
        return new((int)BinaryPrimitives.ReadInt64LittleEndian(status[at..]), Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Makes changes, all at once or none; waits until they can be. EAGAIN: not within the time; EIDRM: the set was removed;
    /// EFBIG: there is no such semaphore; ERANGE; E2BIG. Interruptions by signals are passed over. semtimedop(2).
    /// </summary>
    public static SysResult Change(int set, ReadOnlySpan<SemaphoreChange> changes, TimeSpan? timeout = null)
    {
        Deadline deadline = Deadline.After(timeout);
        nint raw;
        do
        {
            raw = Interop.semtimedop(set, changes, deadline.RemainingNanoseconds);
        } while (Interop.Interrupted(raw));

        return Interop.Result(raw);
    }

    /// <summary>A semaphore's value. semctl(2), GETVAL.</summary>
    public static SysResult<int> GetSemaphore(int set, int number) =>
        Interop.IntResult(Interop.Call(Syscall.semctl, set, number, (nint)(int)SystemVCommand.GETVAL));

    /// <summary>How many wait for it to rise. semctl(2), GETNCNT.</summary>
    public static SysResult<int> CountWaiters(int set, int number) =>
        Interop.IntResult(Interop.Call(Syscall.semctl, set, number, (nint)(int)SystemVCommand.GETNCNT));

    /// <summary>Sets it, and forgets what was to be undone. ERANGE: not 0 to 32,767. semctl(2), SETVAL.</summary>
    public static SysResult SetSemaphore(int set, int number, int value) =>
        Interop.Result(Interop.Call(Syscall.semctl, set, number, (nint)(int)SystemVCommand.SETVAL, value));

    /// <summary>All values at once. semctl(2), GETALL.</summary>
    public static SysResult<ushort[]> GetSemaphores(int set)
    {
        SysResult<int> count = CountSemaphores(set);
        ushort[] values = new ushort[count.Ok ? count.Value : 0];
        nint raw = count.Ok ? Interop.semctl(set, SystemVCommand.GETALL, values) : 0;
        return new(values, count.Ok ? Interop.ErrnoOf(raw) : count.Errno);
    }

    /// <summary>Removes a set; who waits gets EIDRM. semctl(2), IPC_RMID.</summary>
    public static SysResult RemoveSemaphores(int set) =>
        Interop.Result(Interop.Call(Syscall.semctl, set, 0, (nint)(int)SystemVCommand.IPC_RMID));
}
