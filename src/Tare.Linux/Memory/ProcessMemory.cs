namespace Tare.Linux;

/// <summary>Another process's memory. The right to ptrace it is needed. process_vm_readv(2), Linux 3.2.</summary>
public static class ProcessMemory
{
    /// <summary>
    /// Reads; the value is how many bytes, fewer where its memory ends. EFAULT: nothing is there; ESRCH: no such process.
    /// </summary>
    public static SysResult<int> Read(int processId, ulong address, Span<byte> buffer) =>
        Interop.IntResult(Interop.process_vm_readv(processId, address, buffer));

    /// <summary>
    /// Writes; the value is how many bytes, fewer where its memory ends. EFAULT: nothing is there, or it is read-only.
    /// </summary>
    public static SysResult<int> Write(int processId, ulong address, ReadOnlySpan<byte> content) =>
        Interop.IntResult(Interop.process_vm_writev(processId, address, content));
}
