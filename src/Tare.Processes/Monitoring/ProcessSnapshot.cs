using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What a process was at one moment, as /proc tells it. All of it is of the same process: everything is read through one
/// descriptor of its directory. What was not asked for, what the kernel lacks and what the caller has no right to see is
/// null. proc(5).
/// </summary>
public sealed record ProcessSnapshot
{
    /// <summary>Its number in the PID namespace of /proc.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When it started, after the machine did. With the number this tells processes apart.</summary>
    public required TimeSpan StartedAfterBoot { get; init; }

    /// <summary>The parent's number; 0 where it has none there.</summary>
    public required int ParentId { get; init; }

    /// <summary>The process group.</summary>
    public required int ProcessGroup { get; init; }

    /// <summary>The session.</summary>
    public required int Session { get; init; }

    /// <summary>The first thread's name, cut to 15 bytes; it can change it.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments, the program's name first. Empty for a kernel's thread.</summary>
    public IReadOnlyList<string>? CommandLine { get; init; }

    /// <summary>The environment that it was started with, as <c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    /// <summary>The program's path as the process sees it.</summary>
    public string? ExecutablePath { get; init; }

    /// <summary>The working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The root directory, seen from its own mount namespace.</summary>
    public string? RootDirectory { get; init; }

    /// <summary>R running, S sleeping, D waiting for a disk, T stopped, t traced, Z ended and not reaped, X dead, I idle.</summary>
    public required char State { get; init; }

    /// <summary>It ended, and only waits to be reaped.</summary>
    public bool HasEnded => State is 'Z' or 'X' or 'x';

    /// <summary>How many threads it has.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>Users, groups, capabilities, seccomp, signals and numbers in PID namespaces: /proc/PID/status.</summary>
    public required ProcStatus Status { get; init; }

    /// <summary>The label of the security module; null where there is none.</summary>
    public string? SecurityLabel { get; init; }

    /// <summary>How it is scheduled.</summary>
    public required ProcessSchedulerState Scheduler { get; init; }

    /// <summary>CPU time in user mode, of all its threads; counted in 10 ms.</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>CPU time in the kernel, of all its threads; counted in 10 ms.</summary>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>CPU time.</summary>
    public TimeSpan CpuTime => UserTime + SystemTime;

    /// <summary>Memory.</summary>
    public required ProcessMemoryUsage Memory { get; init; }

    /// <summary>Page faults without I/O.</summary>
    public required long MinorFaults { get; init; }

    /// <summary>Page faults with I/O.</summary>
    public required long MajorFaults { get; init; }

    /// <summary>Context switches of the first thread while it waited.</summary>
    public required long VoluntarySwitches { get; init; }

    /// <summary>Context switches of the first thread because its time was up.</summary>
    public required long InvoluntarySwitches { get; init; }

    /// <summary>Bytes read and written.</summary>
    public ProcIo? Io { get; init; }

    /// <summary>How likely the kernel kills it when memory is short: 0 to 1000, up to 2000 with the adjustment.</summary>
    public int? OomScore { get; init; }

    /// <summary>What is added to the score: -1000 to 1000.</summary>
    public int? OomScoreAdjustment { get; init; }

    /// <summary>The limits; the unit depends on the resource.</summary>
    public IReadOnlyDictionary<ResourceLimit, RLimit64>? Limits { get; init; }

    /// <summary>Its cgroup in each hierarchy.</summary>
    public IReadOnlyList<CgroupMembership>? Cgroups { get; init; }

    /// <summary>The namespaces by kind (one CLONE_NEW flag): numbers that are equal where the namespace is the same.</summary>
    public IReadOnlyDictionary<CloneFlags, ulong>? Namespaces { get; init; }

    /// <summary>The open files.</summary>
    public IReadOnlyList<OpenFile>? OpenFiles { get; init; }

    /// <summary>The children's numbers.</summary>
    public IReadOnlyList<int>? Children { get; init; }

    /// <summary>The threads.</summary>
    public IReadOnlyList<ThreadSnapshot>? Threads { get; init; }

    /// <summary>Pressure on its cgroup of version 2.</summary>
    public ProcessPressure? Pressure { get; init; }

    /// <summary>A process by number.</summary>
    /// <param name="processId">Its number in the PID namespace of /proc.</param>
    /// <param name="parts">What is wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">No process has that number.</exception>
    /// <exception cref="KernelException">ESRCH: there is none.</exception>
    public static ProcessSnapshot Read(int processId, SnapshotParts parts = SnapshotParts.Usual)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return Read(Opened(ProcDirectory.Open(processId), processId), parts, processId);
    }

    /// <summary>A process by its descriptor: that process or none.</summary>
    /// <exception cref="KernelException">ESRCH: it has been reaped, or cannot be seen from this PID namespace.</exception>
    public static ProcessSnapshot Read(PidFd process, SnapshotParts parts = SnapshotParts.Usual)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Read(Opened(ProcDirectory.Open(process), null), parts, null);
    }

    /// <summary>The process's own.</summary>
    public static ProcessSnapshot ReadOwn(SnapshotParts parts = SnapshotParts.Usual) =>
        Read(Linux.Processes.GetPid(), parts);

    /// <summary>All processes that procfs shows, by rising number. What ends meanwhile is left out.</summary>
    /// <exception cref="KernelException">/proc cannot be read.</exception>
    public static IReadOnlyList<ProcessSnapshot> ReadAll(SnapshotParts parts = SnapshotParts.Usual)
    {
        IReadOnlyList<int> numbers = ProcDirectory.ProcessIds().OrThrow("list", "/proc");
        List<ProcessSnapshot> all = new(numbers.Count);
        foreach (int number in numbers)
        {
            if (
                ProcDirectory.Open(number) is { Ok: true } opened
                && SnapshotReader.Read(opened.Value, parts) is { Ok: true } read
            )
            {
                all.Add(read.Value);
            }
        }

        return all;
    }

    internal static DirectoryFd Opened(SysResult<DirectoryFd> opened, int? processId) =>
        opened.Errno == Errno.ENOENT
            ? throw new KernelException(Errno.ESRCH, "read process", processId?.ToString())
            : opened.OrThrow("read process", processId?.ToString());

    private static ProcessSnapshot Read(DirectoryFd directory, SnapshotParts parts, int? processId) =>
        SnapshotReader.Read(directory, parts).OrThrow("read process", processId?.ToString());
}
