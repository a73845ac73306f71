using System.Globalization;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What /proc/PID/stat tells. proc_pid_stat(5).</summary>
public sealed record ProcStat
{
    /// <summary>The clock ticks per second in which /proc counts time: USER_HZ, the same on x64 and arm64.</summary>
    public const int TicksPerSecond = 100;

    /// <summary>The process's number.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The program's name, cut to 15 bytes; the process can change it.</summary>
    public required string Command { get; init; }

    /// <summary>R running, S sleeping, D waiting for a disk, T stopped, t traced, Z ended and not reaped, X dead, I idle.</summary>
    public required char State { get; init; }

    /// <summary>The parent's number.</summary>
    public required int ParentId { get; init; }

    /// <summary>The process group.</summary>
    public required int ProcessGroup { get; init; }

    /// <summary>The session.</summary>
    public required int Session { get; init; }

    /// <summary>The controlling terminal's device, or 0.</summary>
    public required int Terminal { get; init; }

    /// <summary>CPU time in user mode, in ticks.</summary>
    public required ulong UserTicks { get; init; }

    /// <summary>CPU time in the kernel, in ticks.</summary>
    public required ulong SystemTicks { get; init; }

    /// <summary>The nice value, -20 to 19.</summary>
    public int Nice { get; init; }

    /// <summary>The priority under SCHED_FIFO and SCHED_RR; else 0.</summary>
    public uint RealTimePriority { get; init; }

    /// <summary>How it is scheduled.</summary>
    public SchedulingPolicy Policy { get; init; }

    /// <summary>Threads.</summary>
    public required long ThreadCount { get; init; }

    /// <summary>When it started, in ticks after boot: with the number, this tells processes apart.</summary>
    public required ulong StartTicks { get; init; }

    /// <summary>The size of its address space in bytes.</summary>
    public required ulong VirtualBytes { get; init; }

    /// <summary>Resident pages.</summary>
    public required long ResidentPages { get; init; }

    /// <summary>Page faults without I/O.</summary>
    public ulong MinorFaults { get; init; }

    /// <summary>Page faults with I/O.</summary>
    public ulong MajorFaults { get; init; }

    /// <summary>Page faults without I/O of the children that it has reaped, and of theirs.</summary>
    public ulong ChildMinorFaults { get; init; }

    /// <summary>Page faults with I/O of the children that it has reaped, and of theirs.</summary>
    public ulong ChildMajorFaults { get; init; }

    /// <summary>CPU time in user mode of the children that it has reaped, and of theirs, in ticks.</summary>
    public long ChildUserTicks { get; init; }

    /// <summary>CPU time in the kernel of the children that it has reaped, and of theirs, in ticks.</summary>
    public long ChildSystemTicks { get; init; }

    /// <summary>CPU time for a virtual machine, in ticks; part of <see cref="UserTicks"/>.</summary>
    public ulong GuestTicks { get; init; }

    /// <summary>The same of the children that it has reaped.</summary>
    public long ChildGuestTicks { get; init; }

    /// <summary>The process group that its terminal is in the hands of; -1 without one.</summary>
    public int TerminalGroup { get; init; } = -1;

    /// <summary>The kernel's flags of it: PF_* of linux/sched.h, which change between versions.</summary>
    public uint Flags { get; init; }

    /// <summary>What its parent is sent when it ends; <see cref="Signal.None"/> of a thread.</summary>
    public Signal ExitSignal { get; init; }

    /// <summary>The kernel's priority: 0 to 39 by nice value, negative for real-time.</summary>
    public long Priority { get; init; }

    /// <summary>The processor that it ran on last.</summary>
    public uint Processor { get; init; }

    /// <summary>Time that it waited for disks, in ticks; 0 where delay accounting is off.</summary>
    public ulong BlockDelayTicks { get; init; }

    /// <summary>Where the parts of its address space begin and end; zeros without the right to trace it.</summary>
    public MemoryBounds Bounds { get; init; }

    /// <summary>
    /// How it ended, of a process that nobody has reaped; code 0 while it runs, and always to those who may not trace it.
    /// </summary>
    public ExitStatus ExitStatus { get; init; } = ExitStatus.Exited(0);

    /// <summary>It ended, and only waits to be reaped.</summary>
    public bool HasEnded => State is 'Z' or 'X' or 'x';

    /// <summary>Reads it. ENOENT or ESRCH: there is no such process.</summary>
    public static SysResult<ProcStat> Read(int processId)
    {
        // As text, for an interpolated number brings a pool of buffers and random numbers into a program that has neither yet.
        string file = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat";
        SysResult<byte[]> text = Files.ReadAllAt(null, file, 1 << 16);
        return text.Ok ? new(Parse(text.Value), Errno.None) : new(null!, text.Errno);
    }

    /// <summary>Reads that of a process or thread.</summary>
    public static SysResult<ProcStat> Read(DirectoryFd task)
    {
        SysResult<byte[]> text = Files.ReadAllAt(task, "stat", 1 << 16);
        return text.Ok ? new(Parse(text.Value), Errno.None) : new(null!, text.Errno);
    }

    /// <summary>Takes the text apart. The name may hold blanks and brackets: it ends at the last closing one.</summary>
    /// <exception cref="FormatException">It is no stat of a process.</exception>
    public static ProcStat Parse(ReadOnlySpan<byte> text)
    {
        int open = text.IndexOf((byte)'(');
        int close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            throw new FormatException("no name in brackets");
        }

        TextFields head = new(text[..open]);
        TextFields fields = new(text[(close + 1)..]);
        int processId = head.NextInt32();
        ReadOnlySpan<byte> state = fields.Next();
        if (state.Length != 1)
        {
            throw new FormatException("no state of one letter");
        }

        int parentId = fields.NextInt32();
        int group = fields.NextInt32();
        int session = fields.NextInt32();
        int terminal = fields.NextInt32();
        int terminalGroup = fields.NextInt32();
        uint flags = fields.NextUInt32();
        ulong minorFaults = fields.NextUInt64();
        ulong childMinorFaults = fields.NextUInt64();
        ulong majorFaults = fields.NextUInt64();
        ulong childMajorFaults = fields.NextUInt64();
        ulong user = fields.NextUInt64();
        ulong system = fields.NextUInt64();
        long childUser = fields.NextInt64();
        long childSystem = fields.NextInt64();
        long priority = fields.NextInt64();
        int nice = fields.NextInt32();
        long threads = fields.NextInt64();
        Skip(ref fields, 1);
        ProcStat stat = new()
        {
            ProcessId = processId,
            Command = Encoding.UTF8.GetString(text[(open + 1)..close]),
            State = (char)state[0],
            ParentId = parentId,
            ProcessGroup = group,
            Session = session,
            Terminal = terminal,
            UserTicks = user,
            SystemTicks = system,
            MinorFaults = minorFaults,
            MajorFaults = majorFaults,
            ChildMinorFaults = childMinorFaults,
            ChildMajorFaults = childMajorFaults,
            ChildUserTicks = childUser,
            ChildSystemTicks = childSystem,
            TerminalGroup = terminalGroup,
            Flags = flags,
            Priority = priority,
            Nice = nice,
            ThreadCount = threads,
            StartTicks = fields.NextUInt64(),
            VirtualBytes = fields.NextUInt64(),
            ResidentPages = fields.NextInt64(),
        };
        Skip(ref fields, 1);
        MemoryBounds code = new() { StartCode = Later(ref fields), EndCode = Later(ref fields) };
        code = code with { StartStack = Later(ref fields) };
        Skip(ref fields, 9);
        long exitSignal = LaterSigned(ref fields);
        uint processor = (uint)Later(ref fields);
        uint realTime = (uint)Later(ref fields);
        SchedulingPolicy policy = (SchedulingPolicy)(uint)Later(ref fields);
        ulong blockDelay = Later(ref fields);
        ulong guest = Later(ref fields);
        long childGuest = LaterSigned(ref fields);
        return stat with
        {
            ExitSignal = exitSignal is > 0 and <= 64 ? (Signal)exitSignal : Signal.None,
            GuestTicks = guest,
            ChildGuestTicks = childGuest,
            Processor = processor,
            RealTimePriority = realTime,
            Policy = policy,
            BlockDelayTicks = blockDelay,
            Bounds = code with
            {
                StartData = Later(ref fields),
                EndData = Later(ref fields),
                StartBreak = Later(ref fields),
                StartArguments = Later(ref fields),
                EndArguments = Later(ref fields),
                StartEnvironment = Later(ref fields),
                EndEnvironment = Later(ref fields),
            },
            ExitStatus = ExitStatus.FromWaitStatus((int)Later(ref fields)),
        };
    }

    // A field that a text which is cut short may lack.
    private static ulong Later(ref TextFields fields) => fields.Rest.Trim(" \n"u8).IsEmpty ? 0 : fields.NextUInt64();

    private static long LaterSigned(ref TextFields fields) =>
        fields.Rest.Trim(" \n"u8).IsEmpty ? 0 : fields.NextInt64();

    private static void Skip(ref TextFields fields, int count)
    {
        for (int i = 0; i < count; i++)
        {
            fields.Next();
        }
    }
}
