using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// What is done with mappings of this process. Addresses are at pages' begins, lengths in bytes; ENOMEM: not all of it is
/// mapped. The caller sees to it that nobody counts on what is changed.
/// </summary>
public static partial class OwnMappings
{
    /// <summary>Advises. EINVAL: the kernel or the mapping does not know that advice. madvise(2).</summary>
    public static SysResult Advise(nint address, nuint length, MemoryAdvice advice) =>
        Interop.Result(Interop.Call(Syscall.madvise, address, (nint)length, (nint)(int)advice));

    /// <summary>Nobody may unmap, move or protect it any more, or lose what it holds. For good. mseal(2), Linux 6.10, 64 bits.</summary>
    public static SysResult Seal(nint address, nuint length) =>
        Interop.Result(Interop.Call(Syscall.mseal, address, (nint)length));

    /// <summary>Keeps it in memory. ENOMEM: RLIMIT_MEMLOCK. mlock2(2), Linux 4.4.</summary>
    /// <param name="address">Where.</param>
    /// <param name="length">How much.</param>
    /// <param name="onFault">Each page only from when it is used.</param>
    public static SysResult Lock(nint address, nuint length, bool onFault = false) =>
        Interop.Result(Interop.Call(Syscall.mlock2, address, (nint)length, onFault ? 1 : 0));

    /// <summary>Undoes that. munlock(2).</summary>
    public static SysResult Unlock(nint address, nuint length) =>
        Interop.Result(Interop.Call(Syscall.munlock, address, (nint)length));

    /// <summary>Keeps everything in memory. mlockall(2).</summary>
    /// <param name="current">What is mapped.</param>
    /// <param name="future">What will be.</param>
    /// <param name="onFault">Each page only from when it is used.</param>
    public static SysResult LockAll(bool current, bool future, bool onFault = false) =>
        Interop.Result(Interop.Call(Syscall.mlockall, (current ? 1 : 0) | (future ? 2 : 0) | (onFault ? 4 : 0)));

    /// <summary>Undoes that. munlockall(2).</summary>
    public static SysResult UnlockAll() => Interop.Result(Interop.Call(Syscall.munlockall));

    /// <summary>Which pages are in memory. mincore(2).</summary>
    public static SysResult<bool[]> InMemory(nint address, nuint length)
    {
        byte[] pages = new byte[(length + (nuint)AnonymousMemory.PageSize - 1) / (nuint)AnonymousMemory.PageSize];
        nint raw = Interop.mincore(address, length, pages);
        return new(raw < 0 ? [] : Array.ConvertAll(pages, page => (page & 1) != 0), Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Names anonymous memory, in /proc/PID/maps as <c>[anon:…]</c>; the empty name takes it away. EINVAL: CONFIG_ANON_VMA_NAME
    /// is missing, or the name holds one of <c>[]\$`</c>. PR_SET_VMA_ANON_NAME, Linux 5.17.
    /// </summary>
    public static SysResult Name(nint address, nuint length, BytePath name) =>
        Interop.Result(Interop.prctlName(address, length, name));

    /// <summary>
    /// From now on no memory may be written and executed, and none becomes executable later. For good. PR_SET_MDWE, Linux 6.3.
    /// EPERM: it was set otherwise. .NET with a JIT cannot go on then.
    /// </summary>
    /// <param name="inherited">Children have that too. Linux 6.6 to change.</param>
    public static SysResult DenyWriteExecute(bool inherited = true) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SET_MDWE, inherited ? 1 : 3));

    /// <summary>Whether memory may be written and executed: 0 it may. PR_GET_MDWE, Linux 6.3.</summary>
    public static SysResult<int> GetDenyWriteExecute() => Interop.IntResult(Interop.prctl(PrctlOption.PR_GET_MDWE));

    /// <summary>Pages of the same content are merged with others', in all of the process. PR_SET_MEMORY_MERGE, Linux 6.4.</summary>
    public static SysResult SetMerging(bool on) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_SET_MEMORY_MERGE, on ? 1 : 0));

    /// <summary>Whether they are. PR_GET_MEMORY_MERGE, Linux 6.4.</summary>
    public static SysResult<bool> GetMerging()
    {
        nint raw = Interop.prctl(PrctlOption.PR_GET_MEMORY_MERGE);
        return new(raw == 1, Interop.ErrnoOf(raw));
    }

    /// <summary>No huge pages, in all of the process. PR_SET_THP_DISABLE.</summary>
    /// <param name="on">Whether there are none.</param>
    /// <param name="exceptAdvised">
    /// But where MADV_HUGEPAGE or MADV_COLLAPSE asks for them. PR_THP_DISABLE_EXCEPT_ADVISED, Linux 6.18: EINVAL before.
    /// </param>
    public static SysResult SetHugePagesDisabled(bool on, bool exceptAdvised = false) =>
        Interop.Result(
            Interop.prctl(PrctlOption.PR_SET_THP_DISABLE, on ? 1 : 0, on && exceptAdvised ? ExceptAdvised : 0)
        );

    /// <summary>Whether that is so, with the exception or without. PR_GET_THP_DISABLE.</summary>
    public static SysResult<bool> GetHugePagesDisabled()
    {
        nint raw = Interop.prctl(PrctlOption.PR_GET_THP_DISABLE);
        return new(raw > 0, Interop.ErrnoOf(raw));
    }

    /// <summary>Whether that is so, and the exception holds. PR_GET_THP_DISABLE.</summary>
    public static SysResult<bool> GetHugePagesDisabledExceptAdvised()
    {
        nint raw = Interop.prctl(PrctlOption.PR_GET_THP_DISABLE);
        return new(raw > 0 && (raw & ExceptAdvised) != 0, Interop.ErrnoOf(raw));
    }

    private const int ExceptAdvised = 2; // PR_THP_DISABLE_EXCEPT_ADVISED

    /// <summary>How much of a file is in memory. cachestat(2), Linux 6.5.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">From where, in bytes.</param>
    /// <param name="length">How much; 0 is to the end.</param>
    public static SysResult<CacheStat> CacheOf(FileDescriptor file, ulong offset = 0, ulong length = 0)
    {
        using Borrowed descriptor = new(file);
        nint raw = Interop.cachestat(
            descriptor.Number,
            new CacheStatRange { Offset = offset, Length = length },
            out CacheStat status
        );
        return new(status, Interop.ErrnoOf(raw));
    }

    /// <summary>Memory that not even the kernel maps. memfd_secret(2), Linux 5.14: ENOSYS where it is not enabled.</summary>
    public static SysResult<MemoryFd> CreateSecret()
    {
        nint raw = Interop.Call(
            Syscall.memfd_secret,
            (nint)(uint)OpenFlagsTable.For(OpenFlags.O_CLOEXEC, Interop.RunningOn)
        );
        return raw < 0 ? Interop.Failed<MemoryFd>(raw) : new(new MemoryFd((int)raw), Errno.None);
    }
}
