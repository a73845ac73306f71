using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>process_vm_readv(2) and process_vm_writev(2) of one piece.</summary>
    internal static unsafe nint process_vm(Syscall call, int processId, ReadOnlySpan<byte> own, ulong address)
    {
        // SAFETY: the own piece is pinned during the call and its length is passed; the other lies in another address space,
        // where the kernel checks it. Who reads passes a span that may be written.
        fixed (byte* bytes = own)
        {
            IoVec local = new() { Base = (nint)bytes, Length = (nuint)own.Length };
            IoVec remote = new() { Base = (nint)address, Length = (nuint)own.Length };
            return Call(call, processId, (nint)(&local), 1, (nint)(&remote), 1);
        }
    }

    /// <summary>process_madvise(2) of one piece.</summary>
    internal static unsafe nint process_madvise(int process, ulong address, nuint length, MemoryAdvice advice)
    {
        IoVec piece = new() { Base = (nint)address, Length = length };

        // SAFETY: the vector lies on the stack; what it names lies in another address space, where the kernel checks it.
        return Call(Syscall.process_madvise, process, (nint)(&piece), 1, (nint)(int)advice);
    }

    /// <summary>mincore(2).</summary>
    internal static unsafe nint mincore(nint address, nuint length, Span<byte> pages)
    {
        // SAFETY: pinned during the call; the caller gives a byte for each page.
        fixed (byte* bytes = pages)
        {
            return Call(Syscall.mincore, address, (nint)length, (nint)bytes);
        }
    }

    /// <summary>cachestat(2).</summary>
    internal static unsafe nint cachestat(int file, CacheStatRange range, out CacheStat status)
    {
        status = default;

        // SAFETY: one lies on the stack, the other is pinned; both are the kernel's structs.
        fixed (CacheStat* address = &status)
        {
            return Call(Syscall.cachestat, file, (nint)(&range), (nint)address);
        }
    }

    /// <summary>prctl(2), PR_SET_VMA with PR_SET_VMA_ANON_NAME.</summary>
    internal static unsafe nint prctlName(nint address, nuint length, BytePath name)
    {
        // SAFETY: the bytes are pinned and end with a zero; the kernel copies them.
        fixed (byte* bytes = name.Terminated)
        {
            return prctl(PrctlOption.PR_SET_VMA, 0, address, (nint)length, name.IsEmpty ? 0 : (nint)bytes);
        }
    }

    /// <summary>getrusage(2).</summary>
    internal static unsafe nint getrusage(int who, out RUsage usage)
    {
        usage = default;

        // SAFETY: pinned during the call; the struct has the kernel's layout (a test compares sizes).
        fixed (RUsage* address = &usage)
        {
            return Call(Syscall.getrusage, who, (nint)address);
        }
    }

    /// <summary>clock_gettime(2).</summary>
    internal static unsafe nint clock_gettime(int clock, out TimeSpec time)
    {
        time = default;

        // SAFETY: pinned during the call; the struct is the kernel's timespec of 64 bits.
        fixed (TimeSpec* address = &time)
        {
            return Call(Syscall.clock_gettime, clock, (nint)address);
        }
    }

    /// <summary>perf_event_open(2).</summary>
    internal static unsafe nint perf_event_open(
        PerfEventAttribute attribute,
        int processId,
        int processor,
        uint flags
    ) =>
        // SAFETY: the struct lies on the stack and says its size.
        Call(Syscall.perf_event_open, (nint)(&attribute), processId, processor, -1, (nint)flags);
}
