using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What can be counted of a process: the kind in the upper half, the kernel's number in the lower. linux/perf_event.h.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum PerfCounter : long
{
    PERF_COUNT_HW_CPU_CYCLES = 0,
    PERF_COUNT_HW_INSTRUCTIONS = 1,
    PERF_COUNT_HW_CACHE_REFERENCES = 2,
    PERF_COUNT_HW_CACHE_MISSES = 3,
    PERF_COUNT_HW_BRANCH_INSTRUCTIONS = 4,
    PERF_COUNT_HW_BRANCH_MISSES = 5,
    PERF_COUNT_HW_BUS_CYCLES = 6,
    PERF_COUNT_HW_STALLED_CYCLES_FRONTEND = 7,
    PERF_COUNT_HW_STALLED_CYCLES_BACKEND = 8,
    PERF_COUNT_HW_REF_CPU_CYCLES = 9,
    PERF_COUNT_SW_CPU_CLOCK = 1L << 32,
    PERF_COUNT_SW_TASK_CLOCK = (1L << 32) | 1,
    PERF_COUNT_SW_PAGE_FAULTS = (1L << 32) | 2,
    PERF_COUNT_SW_CONTEXT_SWITCHES = (1L << 32) | 3,
    PERF_COUNT_SW_CPU_MIGRATIONS = (1L << 32) | 4,
    PERF_COUNT_SW_PAGE_FAULTS_MIN = (1L << 32) | 5,
    PERF_COUNT_SW_PAGE_FAULTS_MAJ = (1L << 32) | 6,
    PERF_COUNT_SW_ALIGNMENT_FAULTS = (1L << 32) | 7,
    PERF_COUNT_SW_EMULATION_FAULTS = (1L << 32) | 8,
    PERF_COUNT_SW_CGROUP_SWITCHES = (1L << 32) | 11,
}

/// <summary>A count, and how much of the time it was counted: less than enabled where the machine has too few counters.</summary>
/// <param name="Count">The count; clocks are in nanoseconds.</param>
/// <param name="EnabledNanoseconds">How long it was wanted.</param>
/// <param name="RunningNanoseconds">How long it was counted.</param>
public readonly record struct PerfCount(ulong Count, ulong EnabledNanoseconds, ulong RunningNanoseconds);

/// <summary>Counters of the machine and the kernel for one thread and what it starts. perf_event_open(2).</summary>
public static class PerfCounters
{
    private const ulong Inherit = 1 << 1;
    private const ulong ExcludeKernel = 1 << 5;
    private const ulong ExcludeHypervisor = 1 << 6;
    private const ulong BothTimes = 3;
    private const uint CloseOnExec = 8;

    /// <summary>
    /// Begins to count. EACCES or EPERM: kernel.perf_event_paranoid, or no right to trace it; ENOENT or EOPNOTSUPP: the
    /// machine does not count that, as many virtual machines; ESRCH: there is no such thread.
    /// </summary>
    /// <param name="counter">What.</param>
    /// <param name="threadId">Of whom; 0 is the caller. Threads and children that it starts from now on are counted too.</param>
    /// <param name="withKernel">Also what the kernel does for it; needs CAP_PERFMON where perf_event_paranoid is above 1.</param>
    public static SysResult<FileFd> Open(PerfCounter counter, int threadId = 0, bool withKernel = true)
    {
        PerfEventAttribute attribute = Attribute((uint)((long)counter >> 32), (uint)(long)counter, withKernel);
        nint raw = Interop.perf_event_open(attribute, threadId, -1, CloseOnExec);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Counts what all processes of a cgroup cause on one processor; to have all, one counter for each processor. ENOENT: the cgroup
    /// is in no hierarchy that has the controller perf_event, which version 2 has where version 1 does not. CAP_PERFMON.
    /// PERF_FLAG_PID_CGROUP.
    /// </summary>
    public static SysResult<FileFd> OpenGroup(
        PerfCounter counter,
        DirectoryFd cgroup,
        int processor,
        bool withKernel = true
    ) => OpenGroup((uint)((long)counter >> 32), (uint)(long)counter, cgroup, processor, withKernel);

    internal static SysResult<FileFd> OpenGroup(
        uint kind,
        uint number,
        DirectoryFd cgroup,
        int processor,
        bool withKernel
    )
    {
        const uint OfCgroup = 4;
        using Borrowed descriptor = new(cgroup);

        // What a group's processes start is in the group, so nothing is inherited.
        PerfEventAttribute attribute = Attribute(kind, number, withKernel);
        attribute.Flags &= ~Inherit;
        nint raw = Interop.perf_event_open(attribute, descriptor.Number, processor, CloseOnExec | OfCgroup);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    internal static PerfEventAttribute Attribute(uint kind, uint number, bool withKernel) =>
        new()
        {
            Type = kind,
            Size = PerfEventAttribute.StructSize,
            Config = number,
            ReadFormat = BothTimes,
            Flags = Inherit | (withKernel ? 0 : ExcludeKernel | ExcludeHypervisor),
        };

    /// <summary>The count until now.</summary>
    public static SysResult<PerfCount> Read(FileFd counter)
    {
        Span<byte> bytes = stackalloc byte[24];
        SysResult<int> read = Files.Read(counter, bytes);
        return read.Ok && read.Value == bytes.Length
            ? new(
                new(
                    BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                    BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])
                ),
                Errno.None
            )
            : new(default, read.Ok ? Errno.ENODATA : read.Errno);
    }
}
