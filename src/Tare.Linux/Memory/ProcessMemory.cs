using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Another process's memory. The right to trace it is needed: EPERM without; ESRCH: there is no such process; EFAULT:
/// nothing lies at the address, or it may not be read or written.
/// </summary>
public static class ProcessMemory
{
    /// <summary>Reads; the result is how many bytes there were before the first page that cannot be read. process_vm_readv(2).</summary>
    public static SysResult<int> Read(int processId, ulong address, Span<byte> buffer) =>
        Interop.IntResult(Interop.process_vm_readv(processId, address, buffer));

    /// <summary>Writes; the result is how many bytes were written before the first page that cannot be. process_vm_writev(2).</summary>
    public static SysResult<int> Write(int processId, ulong address, ReadOnlySpan<byte> bytes) =>
        Interop.IntResult(Interop.process_vm_writev(processId, address, bytes));

    /// <summary>
    /// Advises about another process's memory: MADV_COLD, MADV_PAGEOUT, MADV_WILLNEED, MADV_COLLAPSE; the result is how many
    /// bytes were advised about. process_madvise(2), Linux 5.10; CAP_SYS_NICE besides.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <param name="address">At a page's begin.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="advice">The advice.</param>
    public static SysResult<long> Advise(PidFd process, ulong address, nuint length, MemoryAdvice advice)
    {
        using Borrowed descriptor = new(process);
        nint raw = Interop.process_madvise(descriptor.Number, address, length, advice);
        return new(raw, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Frees the memory of a process that is being killed at once, instead of when it gets to it. process_mrelease(2),
    /// Linux 5.15. EINVAL: it is not being killed.
    /// </summary>
    public static SysResult Release(PidFd process)
    {
        using Borrowed descriptor = new(process);
        return Interop.Result(Interop.Call(Syscall.process_mrelease, descriptor.Number));
    }
}
