using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Words in memory to wait on, within a process or, in shared memory, between processes. futex(2).</summary>
public static partial class Futexes
{
    /// <summary>
    /// Sleeps while a word has the value that is expected. None: woken; EAGAIN: the word had another value; ETIMEDOUT. A wake
    /// can be spurious: look at the word again. EINTR is passed on for the same reason.
    /// </summary>
    /// <param name="address">The address of the word, aligned to 4 bytes; the memory must stay where it is (not the managed heap).</param>
    /// <param name="expected">The value that the word must have for the thread to sleep.</param>
    /// <param name="timeout">When to give up; null is never.</param>
    /// <param name="shared">The word is used by other processes too (or by a child that shares only the memory).</param>
    public static SysResult Wait(nint address, uint expected, TimeSpan? timeout = null, bool shared = false) =>
        Interop.Result(
            Interop.futex_wait(
                address,
                Operation(FutexOperation.FUTEX_WAIT, shared),
                expected,
                Deadline.After(timeout).RemainingNanoseconds
            )
        );

    /// <summary>Wakes up to so many of those who sleep on a word; the result is how many they were.</summary>
    public static SysResult<int> Wake(nint address, int count = int.MaxValue, bool shared = false) =>
        Interop.IntResult(
            Interop.Call(Syscall.futex, address, (nint)(int)Operation(FutexOperation.FUTEX_WAKE, shared), count)
        );

    private static FutexOperation Operation(FutexOperation operation, bool shared) =>
        shared ? operation : operation | FutexOperation.FUTEX_PRIVATE_FLAG;
}
