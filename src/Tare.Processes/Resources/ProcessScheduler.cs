using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// When and where a running process or thread runs. A number is a thread's; that of a process is its first thread's, 0 is the
/// calling thread. All others of a process keep what they have: see <see cref="ThreadsOf"/>. sched(7).
/// </summary>
public static class ProcessScheduler
{
    /// <summary>The kernel's number for all of the fastest processor, where it counts what is used of one.</summary>
    internal const int WholeProcessor = 1024;

    private const string SpeedHint = "needs CAP_SYS_NICE, or a higher RLIMIT_NICE or RLIMIT_RTPRIO";

    /// <summary>The threads of a process, to set something for each; threads made meanwhile have what their makers had.</summary>
    /// <exception cref="KernelException">ENOENT: there is no such process.</exception>
    public static IReadOnlyList<int> ThreadsOf(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        using DirectoryFd process = ProcDirectory.Open(processId).OrThrow("open process", Name(processId));
        return ProcDirectory.ThreadIds(process).OrThrow("list the threads of process", Name(processId));
    }

    /// <summary>The policy with its parameters.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such thread.</exception>
    public static ProcessScheduling GetPolicy(int threadId = 0)
    {
        SchedulingAttribute attribute = Attribute(threadId);
        return new ProcessScheduling(attribute.Policy)
        {
            Priority = (int)attribute.Priority,
            Runtime = Time(attribute.Runtime),
            Deadline = Time(attribute.Deadline),
            Period = Time(attribute.Period),
            Flags = attribute.Flags,
        };
    }

    /// <summary>Sets policy and parameters; the nice value stays.</summary>
    /// <exception cref="ArgumentException">There is no such policy, or the parameters are not its own.</exception>
    /// <exception cref="KernelException">EPERM: no right. EBUSY: so much time for deadlines is not left. ESRCH: there is no such thread.</exception>
    public static void SetPolicy(int threadId, ProcessScheduling scheduling)
    {
        NotNegative(threadId);
        ArgumentNullException.ThrowIfNull(scheduling);
        StartChecks.CheckScheduling(scheduling, null, nameof(scheduling));
        int nice = Attribute(threadId).Nice;
        Scheduling
            .SetAttribute(threadId, SchedulingAttributes.Of(scheduling, nice))
            .OrThrow($"set the policy {scheduling.Policy} of thread", Name(threadId), SpeedHint);
    }

    /// <summary>The nice value, -20 to 19.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such thread.</exception>
    public static int GetNice(int threadId = 0)
    {
        NotNegative(threadId);
        return Scheduling.GetNice(threadId).OrThrow("read the nice value of thread", Name(threadId));
    }

    /// <summary>Sets the nice value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not -20 to 19.</exception>
    /// <exception cref="KernelException">EACCES: needs CAP_SYS_NICE or RLIMIT_NICE to lower it. ESRCH: there is no such thread.</exception>
    public static void SetNice(int threadId, int nice)
    {
        NotNegative(threadId);
        ArgumentOutOfRangeException.ThrowIfLessThan(nice, -20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nice, 19);
        Scheduling.SetNice(threadId, nice).OrThrow("set the nice value of thread", Name(threadId), SpeedHint);
    }

    /// <summary>The processors that it may run on, by number.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such thread.</exception>
    public static ImmutableSortedSet<int> GetProcessors(int threadId = 0)
    {
        NotNegative(threadId);
        return SchedulingAttributes.NumbersOf(
            Scheduling.GetProcessors(threadId).OrThrow("read the processors of thread", Name(threadId))
        );
    }

    /// <summary>Keeps it to processors; any number of them.</summary>
    /// <exception cref="ArgumentException">There is none, or a number is not 0 to 8191.</exception>
    /// <exception cref="KernelException">EINVAL: there are no such processors, or its cpuset has none of them. EPERM: it is another user's.</exception>
    public static void SetProcessors(int threadId, ImmutableSortedSet<int> processors)
    {
        NotNegative(threadId);
        ArgumentNullException.ThrowIfNull(processors);
        StartChecks.CheckProcessors(processors, nameof(processors));
        Scheduling
            .SetProcessors(threadId, SchedulingAttributes.MaskOf(processors))
            .OrThrow("set the processors of thread", Name(threadId));
    }

    /// <summary>How its I/O is preferred; null: by its nice value.</summary>
    /// <exception cref="KernelException">ESRCH: there is no such thread.</exception>
    public static IoPriority? GetIoPriority(int threadId = 0)
    {
        NotNegative(threadId);
        (IoPriorityClass ioClass, int level) = Scheduling
            .GetIoPriority(threadId)
            .OrThrow("read the I/O priority of thread", Name(threadId));
        return ioClass == 0 ? null : new IoPriority(ioClass, level);
    }

    /// <summary>Sets how its I/O is preferred; null: by its nice value.</summary>
    /// <exception cref="ArgumentException">The class is unknown, or the level is not 0 to 7.</exception>
    /// <exception cref="KernelException">EPERM: IOPRIO_CLASS_RT needs CAP_SYS_ADMIN or CAP_SYS_NICE.</exception>
    public static void SetIoPriority(int threadId, IoPriority? priority)
    {
        NotNegative(threadId);
        if (priority is not null)
        {
            StartChecks.CheckIoPriority(priority, nameof(priority));
        }

        Scheduling
            .SetIoPriority(threadId, priority?.Class ?? 0, priority?.Level ?? 0)
            .OrThrow("set the I/O priority of thread", Name(threadId));
    }

    /// <summary>How much later than asked its timers may end.</summary>
    /// <exception cref="KernelException">EPERM: another's needs CAP_SYS_NICE.</exception>
    public static TimeSpan GetTimerSlack(int threadId = 0) =>
        TimeSpan.FromTicks(long.Parse(Read(threadId, "timerslack_ns"), CultureInfo.InvariantCulture) / 100);

    /// <summary>Sets that; zero is what it began with. Of threads with deadlines and real-time policies it is always zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <exception cref="KernelException">EPERM: another's needs CAP_SYS_NICE.</exception>
    public static void SetTimerSlack(int threadId, TimeSpan slack)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slack, TimeSpan.Zero);
        Write(threadId, "timerslack_ns", (slack.Ticks * 100).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The nice value of its session among the sessions, where the kernel groups by them; null where it does not. CONFIG_SCHED_AUTOGROUP.</summary>
    public static int? GetAutogroupNice(int processId = 0)
    {
        NotNegative(processId);
        SysResult<byte[]> text = Files.ReadAllAt(null, Path(processId, "autogroup"), 1 << 10);
        return text.Ok ? ParseAutogroup(Encoding.ASCII.GetString(text.Value)) : null;
    }

    /// <summary>Sets it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not -20 to 19.</exception>
    /// <exception cref="KernelException">EAGAIN: without CAP_SYS_ADMIN it changes ten times a second at most. EPERM: it may not be lowered.</exception>
    public static void SetAutogroupNice(int processId, int nice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nice, -20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nice, 19);
        Write(processId, "autogroup", nice.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Keeps how much of a processor it is taken to need within bounds, from 0 to 1024. Linux 5.3, CONFIG_UCLAMP_TASK.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="minimum">Never less; null stays.</param>
    /// <param name="maximum">Never more; null stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not 0 to 1024, or the first is above the second.</exception>
    /// <exception cref="KernelException">EOPNOTSUPP: the kernel was built without it.</exception>
    public static void SetUtilizationBounds(int threadId, int? minimum, int? maximum)
    {
        NotNegative(threadId);
        CheckUtilization(minimum, maximum, nameof(minimum));
        SchedulingAttribute attribute = Attribute(threadId);
        attribute.Flags |=
            SchedulingFlags.SCHED_FLAG_KEEP_POLICY
            | SchedulingFlags.SCHED_FLAG_KEEP_PARAMS
            | (minimum is null ? 0 : SchedulingFlags.SCHED_FLAG_UTIL_CLAMP_MIN)
            | (maximum is null ? 0 : SchedulingFlags.SCHED_FLAG_UTIL_CLAMP_MAX);
        attribute.UtilizationMinimum = (uint)(minimum ?? 0);
        attribute.UtilizationMaximum = (uint)(maximum ?? 0);
        Scheduling
            .SetAttribute(threadId, attribute)
            .OrThrow("set the utilisation bounds of thread", Name(threadId), "needs a kernel with CONFIG_UCLAMP_TASK");
    }

    internal static void CheckUtilization(int? minimum, int? maximum, string name)
    {
        if (minimum is < 0 or > WholeProcessor || maximum is < 0 or > WholeProcessor || minimum > maximum)
        {
            throw new ArgumentOutOfRangeException(name, minimum, "the bounds are not 0 to 1024, in order");
        }
    }

    /// <summary>Takes <c>/autogroup-25 nice 0</c> apart; null where it is no such text.</summary>
    internal static int? ParseAutogroup(string text)
    {
        int at = text.LastIndexOf(" nice ", StringComparison.Ordinal);
        return
            at >= 0
            && int.TryParse(
                text.AsSpan(at + 6).Trim(),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out int nice
            )
            ? nice
            : null;
    }

    private static SchedulingAttribute Attribute(int threadId)
    {
        NotNegative(threadId);
        return Scheduling.GetAttribute(threadId).OrThrow("read the policy of thread", Name(threadId));
    }

    private static string Read(int id, string file)
    {
        NotNegative(id);
        string path = Path(id, file);
        return Encoding.ASCII.GetString(Files.ReadAllAt(null, path, 1 << 10).OrThrow("read", path)).Trim();
    }

    private static void Write(int id, string file, string value)
    {
        NotNegative(id);
        string path = Path(id, file);
        Files.WriteValueAt(null, path, Encoding.ASCII.GetBytes(value)).OrThrow($"write '{value}' to", path);
    }

    // procfs shows a thread under its number too, though it does not list it; of the calling thread only its own process does.
    private static string Path(int id, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{(id == 0 ? Linux.Processes.GetThreadId() : id)}/{file}");

    private static void NotNegative(int id) => ArgumentOutOfRangeException.ThrowIfNegative(id);

    private static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Time(ulong nanoseconds) => TimeSpan.FromTicks((long)(nanoseconds / 100));
}
