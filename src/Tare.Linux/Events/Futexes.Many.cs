using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A word to sleep on with others.</summary>
/// <param name="Address">Its address, aligned to 4 bytes; the memory must stay where it is.</param>
/// <param name="Expected">The value that it must have for the thread to sleep.</param>
public readonly record struct FutexWord(nint Address, uint Expected);

public static partial class Futexes
{
    /// <summary>How many words can be slept on at once. FUTEX_WAITV_MAX.</summary>
    public const int MostWords = 128;

    private const uint Size32 = 2; // FUTEX2_SIZE_U32

    /// <summary>
    /// Sleeps while each of several words has the value that is expected of it; the result is the number of one that was woken.
    /// EAGAIN: one had another value; ETIMEDOUT; EINTR. A wake can be spurious: look at the words again. futex_waitv(2), Linux
    /// 5.16: ENOSYS before.
    /// </summary>
    /// <param name="words">1 to <see cref="MostWords"/> of them.</param>
    /// <param name="timeout">When to give up; null is never.</param>
    /// <param name="shared">The words are used by other processes too.</param>
    public static SysResult<int> WaitAny(ReadOnlySpan<FutexWord> words, TimeSpan? timeout = null, bool shared = false)
    {
        if (words.IsEmpty || words.Length > MostWords)
        {
            throw new ArgumentException($"1 to {MostWords} words can be slept on", nameof(words));
        }

        Span<FutexWaiter> waiters = stackalloc FutexWaiter[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            waiters[i] = new()
            {
                Address = (ulong)words[i].Address,
                Expected = words[i].Expected,
                Flags = shared ? Size32 : Size32 | (uint)FutexOperation.FUTEX_PRIVATE_FLAG,
            };
        }

        return Interop.IntResult(Interop.futex_waitv(waiters, Until(timeout)));
    }

    /// <summary>
    /// Wakes some who sleep on a word, and has others sleep on from now on at another one, so that not all run to it at once; the
    /// result is how many were woken or moved. EAGAIN: the word has another value. FUTEX_CMP_REQUEUE.
    /// </summary>
    /// <param name="address">The address of the word.</param>
    /// <param name="expected">The value that it must have.</param>
    /// <param name="target">The address of the other one.</param>
    /// <param name="wake">How many are woken at most.</param>
    /// <param name="move">How many are moved at most.</param>
    /// <param name="shared">The words are used by other processes too.</param>
    public static SysResult<int> Requeue(
        nint address,
        uint expected,
        nint target,
        int wake = 1,
        int move = int.MaxValue,
        bool shared = false
    ) =>
        Interop.IntResult(
            Interop.Call(
                Syscall.futex,
                address,
                (nint)(int)Operation(FutexOperation.FUTEX_CMP_REQUEUE, shared),
                wake,
                move,
                target,
                (nint)expected
            )
        );
}
