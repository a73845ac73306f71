using System.Diagnostics;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// A flag in memory that processes share and wait for: one word, 4 bytes, not set at first. It stays set until it is reset.
/// futex(2).
/// </summary>
public sealed class SharedEvent
{
    /// <summary>How much of the memory it takes, in bytes.</summary>
    public const int Size = sizeof(uint);

    private readonly SharedWord flag;

    /// <summary>The flag at a place of a memory; the same for all who give the same place.</summary>
    /// <param name="memory">The memory; stays the caller's, and must be there while the flag is used.</param>
    /// <param name="offset">Where, in bytes; a multiple of 4.</param>
    public SharedEvent(SharedMemory memory, int offset) => flag = new SharedWord(memory, offset);

    /// <summary>It is set.</summary>
    public bool IsSet => Volatile.Read(ref flag.Value) != 0;

    /// <summary>Sets it, and wakes all who wait.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref flag.Value, 1) == 0)
        {
            flag.Wake(int.MaxValue);
        }
    }

    /// <summary>Takes it back.</summary>
    public void Reset() => Interlocked.Exchange(ref flag.Value, 0);

    /// <summary>Waits until it is set.</summary>
    public void Wait() => Await(null);

    /// <summary>Waits at most for a time; zero does not wait.</summary>
    /// <returns>Whether it is set.</returns>
    public bool Wait(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return Await(timeout);
    }

    /// <summary>Waits until one of several is set. futex_waitv(2), Linux 5.16.</summary>
    /// <param name="events">1 to 128 of them.</param>
    /// <param name="timeout">At most this long; null for ever, zero does not wait.</param>
    /// <returns>The number of the first that is set; -1 where none is in time.</returns>
    public static int WaitAny(ReadOnlySpan<SharedEvent> events, TimeSpan? timeout = null)
    {
        if (events.IsEmpty || events.Length > Futexes.MostWords)
        {
            throw new ArgumentException($"1 to {Futexes.MostWords} can be waited for", nameof(events));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout ?? default, TimeSpan.Zero, nameof(timeout));
        long since = Stopwatch.GetTimestamp();
        FutexWord[] words = new FutexWord[events.Length];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = new(events[i].flag.Address, 0);
        }

        while (true)
        {
            for (int i = 0; i < events.Length; i++)
            {
                if (events[i].IsSet)
                {
                    return i;
                }
            }

            TimeSpan? left = SharedWord.Left(timeout, since);
            if (left == TimeSpan.Zero)
            {
                return -1;
            }

            SharedWord.SleepOnAll(words, left);
        }
    }

    private bool Await(TimeSpan? timeout)
    {
        long since = Stopwatch.GetTimestamp();
        while (!IsSet)
        {
            if (!flag.Sleep(0, SharedWord.Left(timeout, since)))
            {
                return IsSet;
            }
        }

        return true;
    }
}
