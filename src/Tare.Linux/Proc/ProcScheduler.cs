using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// What the scheduler keeps about a thread: /proc/PID/sched, where the kernel has it (CONFIG_SCHED_DEBUG before Linux
/// 6.15), and /proc/PID/schedstat. Lines that a kernel lacks leave null. proc_pid_sched(5).
/// </summary>
public sealed record ProcScheduler
{
    // What is above the line of dashes is the thread's name, which may hold newlines and look like fields; but it has 15 bytes at
    // most, so it cannot be that line.
    private static ReadOnlySpan<byte> EndOfName => "\n----------------"u8;

    /// <summary>
    /// The virtual runtime in nanoseconds: processor time divided by the weight's share of 1024. The thread with the least,
    /// of those that are eligible, comes first. May be negative.
    /// </summary>
    public long? VirtualRuntimeNanoseconds { get; internal set; }

    /// <summary>Processor time in nanoseconds.</summary>
    public long? RuntimeNanoseconds { get; internal set; }

    /// <summary>The slice that it asks for, in nanoseconds. Linux 6.6.</summary>
    public long? SliceNanoseconds { get; internal set; }

    /// <summary>The weight that its nice value gives it: 1024 for 0, a fourth more for each step below.</summary>
    public long? Weight { get; internal set; }

    /// <summary>How often it was moved to another processor.</summary>
    public long? Migrations { get; internal set; }

    /// <summary>The kernel's own priority: 100 to 139 by nice value, below that real-time.</summary>
    public int? Priority { get; internal set; }

    /// <summary>Which share of a processor it used of late, of 1024.</summary>
    public long? Utilization { get; internal set; }

    /// <summary>Its load of late: the weight times the time that it wanted to run.</summary>
    public long? Load { get; internal set; }

    /// <summary>Time on a processor, in nanoseconds; from schedstat.</summary>
    public long? RunNanoseconds { get; internal set; }

    /// <summary>Time that it was ready to run and had no processor, in nanoseconds; from schedstat.</summary>
    public long? WaitNanoseconds { get; internal set; }

    /// <summary>How often it was given a processor; from schedstat.</summary>
    public long? Timeslices { get; internal set; }

    /// <summary>Reads both files of a process's first thread, or of a thread. A file that is not there leaves its fields null.</summary>
    public static SysResult<ProcScheduler> Read(DirectoryFd task)
    {
        SysResult<byte[]> sched = Files.ReadAllAt(task, "sched", 1 << 16);
        SysResult<byte[]> schedstat = Files.ReadAllAt(task, "schedstat", 1 << 16);
        return sched.Errno == Errno.ESRCH || schedstat.Errno == Errno.ESRCH
            ? new(null!, Errno.ESRCH)
            : new(Parse(sched.Value, schedstat.Value), Errno.None);
    }

    /// <summary>Takes both texts apart; either may be empty.</summary>
    /// <exception cref="FormatException">A value is not what its name promises.</exception>
    public static ProcScheduler Parse(ReadOnlySpan<byte> sched, ReadOnlySpan<byte> schedstat)
    {
        ProcScheduler state = new();
        int end = sched.IndexOf(EndOfName);
        ReadOnlySpan<byte> values = end < 0 ? [] : sched[(end + EndOfName.Length)..];
        foreach (Range range in values.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = values[range];
            int colon = line.LastIndexOf(" :"u8);
            if (colon > 0)
            {
                state.Take(line[..colon].Trim((byte)' '), line[(colon + 2)..].Trim((byte)' '));
            }
        }

        TextFields fields = new(schedstat);
        if (!schedstat.Trim(" \n"u8).IsEmpty)
        {
            state.RunNanoseconds = fields.NextInt64();
            state.WaitNanoseconds = fields.NextInt64();
            state.Timeslices = fields.NextInt64();
        }

        return state;
    }

    private void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        TextFields fields = new(value);
        switch (ProcText.String(name))
        {
            case "se.vruntime":
                VirtualRuntimeNanoseconds = ProcText.Nanoseconds(value);
                break;
            case "se.sum_exec_runtime":
                RuntimeNanoseconds = ProcText.Nanoseconds(value);
                break;
            case "se.slice":
                SliceNanoseconds = fields.NextInt64();
                break;
            case "se.load.weight":
                // Kept with ten bits more than people know weights by, on machines of 64 bits.
                Weight = fields.NextInt64() >> 10;
                break;
            case "se.nr_migrations":
                Migrations = fields.NextInt64();
                break;
            case "prio":
                Priority = fields.NextInt32();
                break;
            case "se.avg.util_avg":
                Utilization = fields.NextInt64();
                break;
            case "se.avg.load_avg":
                Load = fields.NextInt64();
                break;
        }
    }
}
