using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// The limits of a running process, in their units: bytes, time, or how many. Setting one sets both its values. prlimit(2).
/// </summary>
/// <remarks>
/// Each property asks or tells the kernel. Failures are <see cref="KernelException"/>: ESRCH, there is no such process; EPERM,
/// it is another user's, or the hard limit would be raised without CAP_SYS_RESOURCE. A soft limit above the hard one, and what
/// is negative, is an <see cref="ArgumentException"/>.
/// </remarks>
public sealed class ProcessLimits
{
    private const CoreDumpContent MostContent = (CoreDumpContent)0x1ff;
    private readonly int process;

    private ProcessLimits(int process) => this.process = process;

    /// <summary>This process's.</summary>
    public static ProcessLimits Current { get; } = new(0);

    /// <summary>Processor time, at which SIGXCPU comes, and at the hard limit SIGKILL; whole seconds. RLIMIT_CPU.</summary>
    public ProcessLimit<TimeSpan> CpuTime
    {
        get => Times(ResourceLimit.RLIMIT_CPU, TimeSpan.TicksPerSecond);
        set => Set(ResourceLimit.RLIMIT_CPU, value, TimeSpan.TicksPerSecond);
    }

    /// <summary>The size in bytes that files may grow to. RLIMIT_FSIZE.</summary>
    public ProcessLimit<long> FileSize
    {
        get => Numbers(ResourceLimit.RLIMIT_FSIZE);
        set => Set(ResourceLimit.RLIMIT_FSIZE, value);
    }

    /// <summary>Private writable memory in bytes. RLIMIT_DATA.</summary>
    public ProcessLimit<long> Data
    {
        get => Numbers(ResourceLimit.RLIMIT_DATA);
        set => Set(ResourceLimit.RLIMIT_DATA, value);
    }

    /// <summary>The first thread's stack in bytes, arguments and environment included. RLIMIT_STACK.</summary>
    public ProcessLimit<long> Stack
    {
        get => Numbers(ResourceLimit.RLIMIT_STACK);
        set => Set(ResourceLimit.RLIMIT_STACK, value);
    }

    /// <summary>A core dump in bytes; 0 for none. RLIMIT_CORE.</summary>
    public ProcessLimit<long> CoreDump
    {
        get => Numbers(ResourceLimit.RLIMIT_CORE);
        set => Set(ResourceLimit.RLIMIT_CORE, value);
    }

    /// <summary>Resident memory in bytes; the kernel does not enforce it. RLIMIT_RSS.</summary>
    public ProcessLimit<long> ResidentMemory
    {
        get => Numbers(ResourceLimit.RLIMIT_RSS);
        set => Set(ResourceLimit.RLIMIT_RSS, value);
    }

    /// <summary>Processes and threads of the user, beyond which this process makes none; not for CAP_SYS_RESOURCE. RLIMIT_NPROC.</summary>
    public ProcessLimit<long> Processes
    {
        get => Numbers(ResourceLimit.RLIMIT_NPROC);
        set => Set(ResourceLimit.RLIMIT_NPROC, value);
    }

    /// <summary>Open files: one more than the highest number. RLIMIT_NOFILE.</summary>
    public ProcessLimit<long> OpenFiles
    {
        get => Numbers(ResourceLimit.RLIMIT_NOFILE);
        set => Set(ResourceLimit.RLIMIT_NOFILE, value);
    }

    /// <summary>Locked memory in bytes. RLIMIT_MEMLOCK.</summary>
    public ProcessLimit<long> LockedMemory
    {
        get => Numbers(ResourceLimit.RLIMIT_MEMLOCK);
        set => Set(ResourceLimit.RLIMIT_MEMLOCK, value);
    }

    /// <summary>The address space in bytes. RLIMIT_AS.</summary>
    public ProcessLimit<long> AddressSpace
    {
        get => Numbers(ResourceLimit.RLIMIT_AS);
        set => Set(ResourceLimit.RLIMIT_AS, value);
    }

    /// <summary>File locks; the kernel has not enforced it since Linux 2.4.25. RLIMIT_LOCKS.</summary>
    public ProcessLimit<long> FileLocks
    {
        get => Numbers(ResourceLimit.RLIMIT_LOCKS);
        set => Set(ResourceLimit.RLIMIT_LOCKS, value);
    }

    /// <summary>Signals that wait for the user's processes. RLIMIT_SIGPENDING.</summary>
    public ProcessLimit<long> PendingSignals
    {
        get => Numbers(ResourceLimit.RLIMIT_SIGPENDING);
        set => Set(ResourceLimit.RLIMIT_SIGPENDING, value);
    }

    /// <summary>The user's POSIX message queues in bytes. RLIMIT_MSGQUEUE.</summary>
    public ProcessLimit<long> MessageQueues
    {
        get => Numbers(ResourceLimit.RLIMIT_MSGQUEUE);
        set => Set(ResourceLimit.RLIMIT_MSGQUEUE, value);
    }

    /// <summary>How far the nice value may be lowered: to 20 less this. RLIMIT_NICE.</summary>
    public ProcessLimit<long> NiceCeiling
    {
        get => Numbers(ResourceLimit.RLIMIT_NICE);
        set => Set(ResourceLimit.RLIMIT_NICE, value);
    }

    /// <summary>The highest real-time priority. RLIMIT_RTPRIO.</summary>
    public ProcessLimit<long> RealTimePriority
    {
        get => Numbers(ResourceLimit.RLIMIT_RTPRIO);
        set => Set(ResourceLimit.RLIMIT_RTPRIO, value);
    }

    /// <summary>Processor time of a real-time thread without a wait, at which SIGXCPU comes; microseconds. RLIMIT_RTTIME.</summary>
    public ProcessLimit<TimeSpan> RealTimeTime
    {
        get => Times(ResourceLimit.RLIMIT_RTTIME, TimeSpan.TicksPerMicrosecond);
        set => Set(ResourceLimit.RLIMIT_RTTIME, value, TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>
    /// What is added to how likely the kernel kills it when memory is short, -1000 (never) to 1000; no limit, but kept beside them.
    /// EACCES: less than CAP_SYS_RESOURCE set last takes that capability. /proc/PID/oom_score_adj.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not -1000 to 1000.</exception>
    public int OomScoreAdjustment
    {
        get => int.Parse(Read("oom_score_adj"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, -1000);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000);
            Write("oom_score_adj", value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// Which memory a core dump has, of as many bytes as <see cref="CoreDump"/> allows. EACCES: no right to trace it.
    /// /proc/PID/coredump_filter.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such memory.</exception>
    public CoreDumpContent CoreDumpContent
    {
        get =>
            (CoreDumpContent)int.Parse(Read("coredump_filter"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)MostContent, nameof(value));
            Write("coredump_filter", ((int)value).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A process's; asks nothing yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not above zero.</exception>
    public static ProcessLimits Of(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return new(processId);
    }

    private string Name => process == 0 ? "self" : process.ToString(CultureInfo.InvariantCulture);

    private string Read(string file)
    {
        (byte[] text, Errno errno) = Files.ReadAllAt(null, $"/proc/{Name}/{file}", 1 << 10);
        new SysResult(Known(errno)).OrThrow($"read {file} of process", Name);
        return Encoding.ASCII.GetString(text).Trim();
    }

    private void Write(string file, string value)
    {
        SysResult written = Files.WriteValueAt(null, $"/proc/{Name}/{file}", Encoding.ASCII.GetBytes(value));
        new SysResult(Known(written.Errno)).OrThrow($"set {file} of process", Name);
    }

    // A process that is not there has no file.
    private static Errno Known(Errno errno) => errno == Errno.ENOENT ? Errno.ESRCH : errno;

    private static long? Number(ulong value) =>
        value == ResourceLimits.Infinity ? null : (long)Math.Min(value, long.MaxValue);

    private ProcessLimit<long> Numbers(ResourceLimit resource)
    {
        RLimit64 limit = ResourceLimits
            .Get(resource, process)
            .OrThrow($"read {ResourceLimits.NameOf(resource)} of process", process.ToString());
        return new(Number(limit.Current), Number(limit.Maximum));
    }

    private ProcessLimit<TimeSpan> Times(ResourceLimit resource, long ticks)
    {
        ProcessLimit<long> limit = Numbers(resource);
        return new(Time(limit.Soft, ticks), Time(limit.Hard, ticks));
    }

    private static TimeSpan? Time(long? value, long ticks) =>
        value is { } number
            ? TimeSpan.FromTicks(number > long.MaxValue / ticks ? long.MaxValue : number * ticks)
            : null;

    private void Set(ResourceLimit resource, ProcessLimit<TimeSpan> limit, long ticks) =>
        Set(resource, limit.InUnits(ticks));

    private void Set(ResourceLimit resource, ProcessLimit<long> limit)
    {
        if (!limit.CanBe())
        {
            throw new ArgumentOutOfRangeException(
                nameof(limit),
                limit,
                $"{ResourceLimits.NameOf(resource)}: it is negative, or the soft limit is above the hard one"
            );
        }

        ResourceLimits
            .Set(resource, limit.ToKernel(), process)
            .OrThrow(
                $"set {ResourceLimits.NameOf(resource)} of process",
                process.ToString(),
                "raising a hard limit needs CAP_SYS_RESOURCE"
            );
    }
}
