using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Futexes
{
    private const int SetSlots = 1; // PR_FUTEX_HASH_SET_SLOTS
    private const int GetSlots = 2; // PR_FUTEX_HASH_GET_SLOTS

    /// <summary>
    /// In how many lists the kernel keeps those who wait on words that this process shares with none, so that words of many
    /// threads do not stand in each other's way; 0: in those of the whole machine. The kernel takes more as threads are made.
    /// PR_FUTEX_HASH, Linux 6.16: EINVAL before, and without CONFIG_FUTEX_PRIVATE_HASH.
    /// </summary>
    public static SysResult<int> GetHashSlots() =>
        Interop.IntResult(Interop.prctl(PrctlOption.PR_FUTEX_HASH, GetSlots));

    /// <summary>
    /// Sets that, from then on whatever threads are made. EINVAL: no power of two, or as above; EBUSY: it was given up for the
    /// machine's, which cannot be undone.
    /// </summary>
    /// <param name="slots">A power of two; 0 is the machine's.</param>
    public static SysResult SetHashSlots(int slots) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_FUTEX_HASH, SetSlots, slots));
}
