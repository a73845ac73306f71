using System.Diagnostics;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Mutual exclusion between threads of all processes that share a memory: one word of it, 4 bytes, zero at first. It belongs
/// to a thread; when that ends, however it does, the next one gets it and is told. Who has it runs with the priority of whoever
/// waits. Without contention no system call is made. futex(2), FUTEX_LOCK_PI2, Linux 5.14.
/// </summary>
/// <remarks>
/// All processes must be in one PID namespace: the word holds the thread's number there. Where an owner died while nobody
/// waited, and its number has become another thread's before somebody asks, that is not noticed.
/// </remarks>
public sealed class SharedMutex
{
    /// <summary>How much of the memory it takes, in bytes.</summary>
    public const int Size = sizeof(uint);

    private const uint Waiters = 0x8000_0000;

    private readonly SharedWord word;

    /// <summary>The mutex at a place of a memory; the same for all who give the same place.</summary>
    /// <param name="memory">The memory; stays the caller's, and must be there while the mutex is used.</param>
    /// <param name="offset">Where, in bytes; a multiple of 4.</param>
    public SharedMutex(SharedMemory memory, int offset) => word = new SharedWord(memory, offset);

    /// <summary>Waits for it.</summary>
    /// <returns>True where its owner ended without giving it up: what it protects may be half-done.</returns>
    /// <exception cref="LockRecursionException">This thread has it already.</exception>
    public bool Enter()
    {
        Take(null, out bool abandoned);
        return abandoned;
    }

    /// <summary>Waits for it, at most for a time.</summary>
    /// <param name="timeout">The time; zero does not wait.</param>
    /// <param name="abandoned">Its owner ended without giving it up: what it protects may be half-done.</param>
    /// <returns>Whether this thread has it now.</returns>
    /// <exception cref="LockRecursionException">This thread has it already.</exception>
    public bool TryEnter(TimeSpan timeout, out bool abandoned)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return Take(timeout, out abandoned);
    }

    /// <summary>Gives it up.</summary>
    /// <exception cref="SynchronizationLockException">This thread does not have it.</exception>
    public void Exit()
    {
        uint self = (uint)Linux.Processes.GetThreadId();
        if ((Volatile.Read(ref word.Value) & Futexes.OwnerMask) != self)
        {
            throw new SynchronizationLockException("this thread does not have the mutex");
        }

        if (Interlocked.CompareExchange(ref word.Value, 0, self) != self)
        {
            Futexes.UnlockInheriting(word.Address, shared: true).OrThrow("give up a mutex in shared memory");
        }
    }

    private bool Take(TimeSpan? timeout, out bool abandoned)
    {
        uint self = (uint)Linux.Processes.GetThreadId();
        long since = Stopwatch.GetTimestamp();
        abandoned = false;
        while (true)
        {
            uint present = Interlocked.CompareExchange(ref word.Value, self, 0);
            if (present == 0)
            {
                return true;
            }

            SysResult taken = Futexes.LockInheriting(word.Address, SharedWord.Left(timeout, since), shared: true);
            switch (taken.Errno)
            {
                case Errno.None:
                    abandoned = (Interlocked.And(ref word.Value, ~Futexes.OwnerDied) & Futexes.OwnerDied) != 0;
                    return true;
                case Errno.ETIMEDOUT:
                    return false;
                case Errno.EDEADLK:
                    throw new LockRecursionException("this thread has the mutex already");
                case Errno.ESRCH:
                    // The owner is gone: whoever of those that find that is first has it.
                    uint next = self | (present & Waiters);
                    if (Interlocked.CompareExchange(ref word.Value, next, present) == present)
                    {
                        abandoned = true;
                        return true;
                    }

                    break;
                default:
                    taken.OrThrow("wait for a mutex in shared memory");
                    break;
            }
        }
    }
}
