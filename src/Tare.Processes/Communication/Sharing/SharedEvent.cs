using System.Diagnostics;

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
