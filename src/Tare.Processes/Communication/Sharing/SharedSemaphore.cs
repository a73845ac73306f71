using System.Diagnostics;

namespace Tare.Processes;

/// <summary>
/// A counter in memory that processes share: two words, 8 bytes, zero at first. Who takes from it and ends does not give back.
/// futex(2).
/// </summary>
public sealed class SharedSemaphore
{
    /// <summary>How much of the memory it takes, in bytes.</summary>
    public const int Size = 2 * sizeof(uint);

    private readonly SharedWord count;

    /// <summary>The semaphore at a place of a memory; the same for all who give the same place.</summary>
    /// <param name="memory">The memory; stays the caller's, and must be there while the semaphore is used.</param>
    /// <param name="offset">Where, in bytes; a multiple of 4.</param>
    public SharedSemaphore(SharedMemory memory, int offset) => count = new SharedWord(memory, offset, Size);

    /// <summary>How many can be taken now.</summary>
    public int CurrentCount => (int)Volatile.Read(ref count.Value);

    /// <summary>Adds, and wakes as many.</summary>
    public void Release(int number = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        uint present;
        do
        {
            present = Volatile.Read(ref count.Value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(number, int.MaxValue - (int)present);
        } while (Interlocked.CompareExchange(ref count.Value, present + (uint)number, present) != present);

        if (Volatile.Read(ref count.Next) > 0)
        {
            count.Wake(number);
        }
    }

    /// <summary>Waits until there is something, and takes one.</summary>
    public void Wait() => Take(null);

    /// <summary>Waits at most for a time; zero does not wait.</summary>
    /// <returns>Whether one was taken.</returns>
    public bool Wait(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return Take(timeout);
    }

    private bool Take(TimeSpan? timeout)
    {
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            uint present = Volatile.Read(ref count.Value);
            if (present > 0)
            {
                if (Interlocked.CompareExchange(ref count.Value, present - 1, present) == present)
                {
                    return true;
                }

                continue;
            }

            // Counted before the last look: whoever adds after it finds somebody to wake.
            Interlocked.Increment(ref count.Next);
            bool woken = count.Sleep(0, SharedWord.Left(timeout, since));
            Interlocked.Decrement(ref count.Next);
            if (!woken && Volatile.Read(ref count.Value) == 0)
            {
                return false;
            }
        }
    }
}
