using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A set of System V's semaphores, several of which are changed at once or not at all, and whose changes the kernel undoes when a
/// process ends. Found by its key or number within the IPC namespace; who made it removes it when disposed, and who waits then
/// fails. semget(2). Thread-safe.
/// </summary>
public sealed class SystemVSemaphores : IDisposable
{
    private bool over;

    private SystemVSemaphores(int id, int count, bool isOwner) => (Id, Count, IsOwner) = (id, count, isOwner);

    /// <summary>Its number, by which others open it.</summary>
    public int Id { get; }

    /// <summary>How many semaphores there are.</summary>
    public int Count { get; }

    /// <summary>This object made it, and removes it.</summary>
    public bool IsOwner { get; }

    /// <summary>A semaphore's value, 0 to 32,767. Setting it forgets what was to be undone.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such semaphore, or it cannot have the value.</exception>
    /// <exception cref="KernelException">EIDRM, EINVAL: it was removed.</exception>
    public int this[int number]
    {
        get
        {
            Check(number);
            return SystemV.GetSemaphore(Id, number).OrThrow("read a semaphore");
        }
        set
        {
            Check(number);
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, short.MaxValue);
            SystemV.SetSemaphore(Id, number, value).OrThrow("set a semaphore");
        }
    }

    /// <summary>A new set, all zero.</summary>
    /// <param name="count">How many.</param>
    /// <param name="key">By which others find it; null: by its number only.</param>
    /// <param name="mode">Who may read and change them.</param>
    /// <exception cref="KernelException">EEXIST: the key is taken. ENOSPC: kernel.sem.</exception>
    public static SystemVSemaphores Create(
        int count,
        int? key = null,
        FileModes mode = FileModes.S_IRUSR | FileModes.S_IWUSR
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int id = SystemV
            .GetSemaphores(SystemVKeys.OfNew(key), count, SystemVKeys.New, mode)
            .OrThrow("make semaphores", SystemVKeys.Name(key));
        return new(id, count, isOwner: true);
    }

    /// <summary>A set that another has made, by its key.</summary>
    /// <exception cref="KernelException">ENOENT: there is none. EACCES.</exception>
    public static SystemVSemaphores Open(int key) =>
        OpenId(
            SystemV
                .GetSemaphores(SystemVKeys.Checked(key), 0, SystemVFlags.None)
                .OrThrow("open semaphores", SystemVKeys.Name(key))
        );

    /// <summary>A set that another has made, by its number.</summary>
    /// <exception cref="KernelException">EINVAL: there is none. EACCES.</exception>
    public static SystemVSemaphores OpenId(int id) =>
        new(id, SystemV.CountSemaphores(id).OrThrow("open semaphores", $"number {id}"), isOwner: false);

    /// <summary>Makes changes, all at once; waits until they can be.</summary>
    /// <param name="changes">The changes, in order.</param>
    /// <param name="timeout">At most this long; null for ever, zero does not wait.</param>
    /// <returns>Whether they were made.</returns>
    /// <exception cref="ArgumentException">There is none, or one is to a semaphore that is not there.</exception>
    /// <exception cref="KernelException">EIDRM, EINVAL: the set was removed. ERANGE: a value would be too large.</exception>
    public bool Change(ReadOnlySpan<SemaphoreChange> changes, TimeSpan? timeout = null)
    {
        if (changes.IsEmpty)
        {
            throw new ArgumentException("there is nothing to change", nameof(changes));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout ?? default, TimeSpan.Zero, nameof(timeout));
        foreach (SemaphoreChange change in changes)
        {
            Check(change.Number);
        }

        SysResult made = SystemV.Change(Id, changes, timeout);
        if (made.Errno == Errno.EAGAIN)
        {
            return false;
        }

        made.OrThrow("change semaphores");
        return true;
    }

    /// <summary>Takes one from a semaphore, and has the kernel give it back when this process ends.</summary>
    /// <param name="number">Which.</param>
    /// <param name="timeout">At most this long; null for ever, zero does not wait.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Wait(int number = 0, TimeSpan? timeout = null) => Change([new(number, -1, undoAtExit: true)], timeout);

    /// <summary>Gives back what <see cref="Wait"/> has taken.</summary>
    public void Release(int number = 0) => Change([new(number, 1, undoAtExit: true)]);

    /// <summary>Its owner removes it.</summary>
    public void Dispose()
    {
        if (IsOwner && !Interlocked.Exchange(ref over, true))
        {
            SystemV.RemoveSemaphores(Id);
        }
    }

    private void Check(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
    }
}
