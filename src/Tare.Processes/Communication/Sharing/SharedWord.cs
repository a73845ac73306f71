using System.Diagnostics;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A word of shared memory that processes wait on. futex(2).</summary>
internal readonly struct SharedWord
{
    private readonly SharedMemory memory;
    private readonly int offset;

    /// <summary>Checks and keeps where it is.</summary>
    /// <exception cref="ArgumentException">It is not in the memory, not aligned, or cannot be written.</exception>
    public SharedWord(SharedMemory memory, int offset, int size = sizeof(uint))
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, memory.Length - size);
        if (offset % sizeof(uint) != 0)
        {
            throw new ArgumentException("a word is aligned to 4 bytes", nameof(offset));
        }

        if (memory.IsReadOnly)
        {
            throw new ArgumentException("the memory can only be read", nameof(memory));
        }

        this.memory = memory;
        this.offset = offset;
    }

    /// <summary>The word.</summary>
    public ref uint Value => ref MemoryMarshal.AsRef<uint>(memory.Span.Slice(offset, sizeof(uint)));

    /// <summary>The word after it.</summary>
    public ref uint Next => ref MemoryMarshal.AsRef<uint>(memory.Span.Slice(offset + sizeof(uint), sizeof(uint)));

    /// <summary>Its address.</summary>
    public nint Address => memory.Address + offset;

    /// <summary>Sleeps while it has a value; false when the time is over.</summary>
    public bool Sleep(uint value, TimeSpan? timeout)
    {
        SysResult slept = Futexes.Wait(Address, value, timeout, shared: true);
        if (slept.Errno is Errno.EAGAIN or Errno.EINTR)
        {
            return true;
        }

        if (slept.Errno == Errno.ETIMEDOUT)
        {
            return false;
        }

        slept.OrThrow("wait in shared memory");
        return true;
    }

    /// <summary>Sleeps while all of some words are zero, or until the time is over. Linux 5.16.</summary>
    public static void SleepOnAll(ReadOnlySpan<FutexWord> words, TimeSpan? timeout)
    {
        SysResult<int> slept = Futexes.WaitAny(words, timeout, shared: true);
        if (slept.Errno is not (Errno.EAGAIN or Errno.EINTR or Errno.ETIMEDOUT))
        {
            slept.OrThrow("wait for several flags in shared memory", hint: "needs Linux 5.16");
        }
    }

    /// <summary>Wakes who sleeps.</summary>
    public void Wake(int count) =>
        Futexes.Wake(Address, count, shared: true).OrThrow("wake who waits in shared memory");

    /// <summary>What is left of a time.</summary>
    public static TimeSpan? Left(TimeSpan? timeout, long since)
    {
        TimeSpan? left = timeout - Stopwatch.GetElapsedTime(since);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
