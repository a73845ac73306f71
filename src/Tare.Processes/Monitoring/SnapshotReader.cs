using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Reads a snapshot out of a process's directory.</summary>
internal static class SnapshotReader
{
    /// <summary>Reads it. ESRCH: the process has been reaped.</summary>
    /// <param name="opened">The process's directory; closed afterwards.</param>
    /// <param name="parts">What is wanted.</param>
    public static SysResult<ProcessSnapshot> Read(DirectoryFd opened, SnapshotParts parts)
    {
        using DirectoryFd process = opened;
        SysResult<ProcStat> stat = ProcStat.Read(process);
        SysResult<ProcStatus> status = ProcStatus.Read(process);
        if (!stat.Ok || !status.Ok)
        {
            Errno errno = stat.Ok ? status.Errno : stat.Errno;
            return new(null!, errno == Errno.ENOENT ? Errno.ESRCH : errno);
        }

        IReadOnlyList<CgroupMembership>? cgroups = Wanted(SnapshotParts.Cgroups | SnapshotParts.Pressure)
            ? Granted(ProcCgroup.Read(process))
            : null;
        MappingUsage? proportional = Wanted(SnapshotParts.ProportionalMemory)
            ? Granted(MappingUsage.ReadWhole(process))
            : null;
        ProcessSnapshot snapshot = new()
        {
            ProcessId = stat.Value.ProcessId,
            StartedAfterBoot = Time(stat.Value.StartTicks),
            ParentId = stat.Value.ParentId,
            ProcessGroup = stat.Value.ProcessGroup,
            Session = stat.Value.Session,
            Name = stat.Value.Command,
            CommandLine = Wanted(SnapshotParts.CommandLine) ? Granted(ProcDirectory.CommandLine(process)) : null,
            Environment = Wanted(SnapshotParts.Environment) ? Granted(ProcDirectory.Environment(process)) : null,
            ExecutablePath = Wanted(SnapshotParts.Paths) ? Granted(ProcDirectory.Target(process, "exe")) : null,
            WorkingDirectory = Wanted(SnapshotParts.Paths) ? Granted(ProcDirectory.Target(process, "cwd")) : null,
            RootDirectory = Wanted(SnapshotParts.Paths) ? Granted(ProcDirectory.Target(process, "root")) : null,
            State = stat.Value.State,
            ThreadCount = (int)stat.Value.ThreadCount,
            Status = status.Value,
            SecurityLabel = Wanted(SnapshotParts.SecurityLabel)
                ? Granted(ProcDirectory.Line(process, "attr/current"))
                : null,
            Scheduler = Scheduler(process, stat.Value, status.Value, parts),
            UserTime = Time(stat.Value.UserTicks),
            SystemTime = Time(stat.Value.SystemTicks),
            Memory = Memory(status.Value, proportional),
            MinorFaults = (long)stat.Value.MinorFaults,
            MajorFaults = (long)stat.Value.MajorFaults,
            VoluntarySwitches = status.Value.VoluntarySwitches,
            InvoluntarySwitches = status.Value.InvoluntarySwitches,
            Io = Wanted(SnapshotParts.Io) && ProcIo.Read(process) is { Ok: true } io ? io.Value : null,
            OomScore = Wanted(SnapshotParts.OomScore) ? Number(process, "oom_score") : null,
            OomScoreAdjustment = Wanted(SnapshotParts.OomScore) ? Number(process, "oom_score_adj") : null,
            Limits = Wanted(SnapshotParts.Limits) ? Granted(ProcLimits.Read(process)) : null,
            Cgroups = Wanted(SnapshotParts.Cgroups) ? cgroups : null,
            Namespaces = Wanted(SnapshotParts.Namespaces) ? Namespaces(process) : null,
            OpenFiles = Wanted(SnapshotParts.OpenFiles) ? Granted(OpenFile.ReadAll(process)) : null,
            Children = Wanted(SnapshotParts.Children) ? Granted(ProcDirectory.Children(process)) : null,
            Threads = Wanted(SnapshotParts.Threads) ? Threads(process, parts) : null,
            Pressure = Wanted(SnapshotParts.Pressure) && cgroups is not null ? CgroupPressure.Of(cgroups) : null,
        };
        return new(snapshot, Errno.None);

        bool Wanted(SnapshotParts part) => (parts & part) != 0;
    }

    /// <summary>All threads that there are; null where the process has been reaped.</summary>
    public static IReadOnlyList<ThreadSnapshot>? Threads(DirectoryFd process, SnapshotParts parts)
    {
        SysResult<IReadOnlyList<int>> numbers = ProcDirectory.ThreadIds(process);
        if (!numbers.Ok)
        {
            return null;
        }

        List<ThreadSnapshot> threads = new(numbers.Value.Count);
        foreach (int number in numbers.Value)
        {
            SysResult<DirectoryFd> opened = ProcDirectory.OpenThread(process, number);
            if (!opened.Ok)
            {
                continue;
            }

            using DirectoryFd thread = opened.Value;
            if (ProcStat.Read(thread) is { Ok: true } stat && ProcStatus.Read(thread) is { Ok: true } status)
            {
                threads.Add(
                    new()
                    {
                        ThreadId = number,
                        Name = stat.Value.Command,
                        State = stat.Value.State,
                        Scheduler = Scheduler(thread, stat.Value, status.Value, parts),
                        UserTime = Time(stat.Value.UserTicks),
                        SystemTime = Time(stat.Value.SystemTicks),
                        MinorFaults = (long)stat.Value.MinorFaults,
                        MajorFaults = (long)stat.Value.MajorFaults,
                        VoluntarySwitches = status.Value.VoluntarySwitches,
                        InvoluntarySwitches = status.Value.InvoluntarySwitches,
                        WaitsIn = ProcDirectory.Line(thread, "wchan") is { Ok: true, Value: not ("" or "0") } waits
                            ? waits.Value
                            : null,
                    }
                );
            }
        }

        return threads;
    }

    private static ProcessSchedulerState Scheduler(
        DirectoryFd task,
        ProcStat stat,
        ProcStatus status,
        SnapshotParts parts
    ) =>
        new(
            stat.Policy,
            stat.Nice,
            (int)stat.Priority,
            (int)stat.RealTimePriority,
            (int)stat.Processor,
            status.AllowedProcessors,
            (parts & SnapshotParts.Scheduler) != 0 ? Granted(ProcScheduler.Read(task)) : null
        );

    private static ProcessMemoryUsage Memory(ProcStatus status, MappingUsage? proportional) =>
        new(
            status.VirtualBytes,
            status.ResidentBytes,
            status.ResidentAnonymousBytes,
            status.ResidentFileBytes,
            status.ResidentSharedBytes,
            status.PeakResidentBytes,
            status.SwappedBytes,
            status.LockedBytes,
            status.PageTableBytes,
            proportional
        );

    private static Dictionary<CloneFlags, ulong>? Namespaces(DirectoryFd process)
    {
        Dictionary<CloneFlags, ulong> numbers = [];
        foreach (CloneFlags kind in NamespaceKinds.Each)
        {
            // mnt:[4026531841]
            if (
                ProcDirectory.Target(process, $"ns/{NamespaceKinds.NameOf(kind)}") is { Ok: true, Value: var target }
                && target.IndexOf('[', StringComparison.Ordinal) is >= 0 and var open
                && ulong.TryParse(target.AsSpan(open + 1).TrimEnd(']'), out ulong number)
            )
            {
                numbers[kind] = number;
            }
        }

        return numbers.Count == 0 ? null : numbers;
    }

    private static int? Number(DirectoryFd process, string file) =>
        ProcDirectory.Line(process, file) is { Ok: true } line && int.TryParse(line.Value, out int number)
            ? number
            : null;

    private static T? Granted<T>(SysResult<T> read)
        where T : class => read.Ok ? read.Value : null;

    private static TimeSpan Time(ulong ticks) => new((long)ticks * (TimeSpan.TicksPerSecond / ProcStat.TicksPerSecond));
}
