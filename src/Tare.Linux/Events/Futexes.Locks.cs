using System.Diagnostics;
using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Futexes
{
    /// <summary>The bits of a lock's word that hold the thread which has it.</summary>
    public const uint OwnerMask = 0x3fff_ffff;

    /// <summary>The lock's owner ended while it had it.</summary>
    public const uint OwnerDied = 0x4000_0000;

    /// <summary>
    /// Waits for a lock whose word holds the number of the thread that has it, which runs with the priority of whoever waits.
    /// ESRCH: that thread is over, and nobody has set the word free. EDEADLK: the caller has it. ETIMEDOUT. FUTEX_LOCK_PI2,
    /// Linux 5.14.
    /// </summary>
    /// <param name="address">The address of the word, in shared memory.</param>
    /// <param name="timeout">When to give up; null is never.</param>
    /// <param name="shared">The word is used by other processes too.</param>
    public static SysResult LockInheriting(nint address, TimeSpan? timeout = null, bool shared = false)
    {
        long until = Until(timeout);
        nint raw;
        do
        {
            raw = Interop.futex_lock_pi(address, Operation(FutexOperation.FUTEX_LOCK_PI2, shared), until);
        } while (Interop.Interrupted(raw) || Interop.ErrnoOf(raw) == Errno.EAGAIN);

        return Interop.Result(raw);
    }

    /// <summary>Gives a lock up that others wait for. EPERM: another thread has it. FUTEX_UNLOCK_PI.</summary>
    public static SysResult UnlockInheriting(nint address, bool shared = false) =>
        Interop.Result(
            Interop.Call(Syscall.futex, address, (nint)(int)Operation(FutexOperation.FUTEX_UNLOCK_PI, shared))
        );

    // Stopwatch is CLOCK_MONOTONIC in nanoseconds.
    private static long Until(TimeSpan? timeout) =>
        timeout is { } time
            ? (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)) + Math.Max(0, time.Ticks * 100)
            : -1;
}
