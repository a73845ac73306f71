using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Whether two processes share something of the kernel's. kcmp(2); the right to trace both is needed.</summary>
public static class ProcessComparison
{
    /// <summary>
    /// Compares. 0: it is the same; 1 and 2: the first's comes before or after in an order that stays until the machine ends;
    /// 3: it is another. EPERM: no right to trace; EBADF: no such descriptor; ENOSYS: no CONFIG_KCMP.
    /// </summary>
    /// <param name="first">A process.</param>
    /// <param name="second">Another.</param>
    /// <param name="kind">What.</param>
    /// <param name="firstFile">For files: the first's descriptor.</param>
    /// <param name="secondFile">For files: the second's.</param>
    public static SysResult<int> Compare(
        int first,
        int second,
        CompareKind kind,
        int firstFile = 0,
        int secondFile = 0
    ) => Interop.IntResult(Interop.Call(Syscall.kcmp, first, second, (nint)(int)kind, firstFile, secondFile));
}
