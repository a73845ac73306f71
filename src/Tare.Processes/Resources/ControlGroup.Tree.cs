using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <content>The group's place in the tree, and whose it is.</content>
public sealed partial class ControlGroup
{
    /// <summary>The names of the groups in it, whoever made them.</summary>
    public IReadOnlyList<string> Children =>
        [
            .. places
                .SelectMany(place => place.Node.Mount.ListDirectories(place.Node.Path))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What it is: <c>domain</c>, <c>domain threaded</c>, <c>domain invalid</c>, <c>threaded</c>; null without version 2. cgroup.type.</summary>
    public string? Type => Unified?.Node.Read("cgroup.type")?.Trim();

    /// <summary>Sends a signal to all processes that are in it now and in groups below.</summary>
    /// <returns>How many were sent it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    public int Signal(Signal signal)
    {
        SignalChecks.Check(signal);
        Dictionary<int, PidFd> opened = [];
        try
        {
            foreach (int process in Processes)
            {
                if (PidFds.Open(process) is { Ok: true } open)
                {
                    opened.Add(process, open.Value);
                }
            }

            // Who is still listed under a number that was opened is the one that was opened.
            return Processes.Count(process =>
                opened.TryGetValue(process, out PidFd? member) && PidFds.SendSignal(member, signal).Ok
            );
        }
        finally
        {
            foreach (PidFd process in opened.Values)
            {
                process.Dispose();
            }
        }
    }

    /// <summary>
    /// Makes it threaded: single threads can be put into it, and the group above then stands for the processes. Only version
    /// 2; cannot be undone. cgroup.type.
    /// </summary>
    /// <exception cref="KernelException">EOPNOTSUPP: the group above cannot be the root of a threaded tree. ENOENT: there is no version 2.</exception>
    public void MakeThreaded()
    {
        CgroupNode node = UnifiedOrThrow("make a threaded cgroup of");
        node.Write("cgroup.type", "threaded").OrThrow("make a threaded cgroup of", node.FullPath);
    }

    /// <summary>Moves one thread in: of a process of the same threaded tree. cgroup.threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not above zero.</exception>
    /// <exception cref="KernelException">EOPNOTSUPP: the group or the one that it comes from is not of one threaded tree. ESRCH: there is no such thread.</exception>
    public void AddThread(int threadId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadId);
        CountMember();
        CgroupNode node = UnifiedOrThrow("move a thread into cgroup");
        node.Write("cgroup.threads", threadId.ToString(CultureInfo.InvariantCulture))
            .OrThrow($"move thread {threadId} into cgroup", node.FullPath);
    }

    /// <summary>The threads in it, without those of groups below; none without version 2.</summary>
    public IReadOnlyList<int> ReadThreads()
    {
        List<int> threads = [];
        foreach (ReadOnlySpan<char> line in (Unified?.Node.Read("cgroup.threads") ?? "").AsSpan().EnumerateLines())
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int thread) && thread > 0)
            {
                threads.Add(thread);
            }
        }

        return threads;
    }

    /// <summary>
    /// Gives it to a user, who may then make groups below and move processes among them, but not change its limits. Only
    /// version 2, where that is safe. cgroup-v2.rst, "Delegation".
    /// </summary>
    /// <exception cref="KernelException">EPERM: needs CAP_CHOWN. ENOENT: there is no version 2.</exception>
    public void Delegate(uint userId, uint groupId)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(userId, uint.MaxValue);
        ArgumentOutOfRangeException.ThrowIfEqual(groupId, uint.MaxValue);
        CgroupNode node = UnifiedOrThrow("give away cgroup");
        CgroupGift.Give(unifiedDirectory!, node.FullPath, userId, groupId);
    }

    /// <summary>Takes memory back from its processes, at most so much. memory.reclaim; v1: memory.force_empty, which takes what it can.</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>False where there was not so much to be taken.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    /// <exception cref="KernelException">ENOENT: the group has no memory controller, or the kernel is older than Linux 5.19.</exception>
    public bool Reclaim(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Place place =
            places.Find(place => place.Node.HasFile("memory.reclaim"))
            ?? places.Find(place => place.Node.HasFile("memory.force_empty"))
            ?? throw new KernelException(Errno.ENOENT, "reclaim memory of cgroup", Name, "it has no memory controller");
        SysResult written = place.Node.IsUnified
            ? place.Node.Write("memory.reclaim", bytes.ToString(CultureInfo.InvariantCulture))
            : place.Node.Write("memory.force_empty", "0");
        if (written.Errno is Errno.EAGAIN or Errno.EBUSY)
        {
            return false;
        }

        written.OrThrow("reclaim memory of cgroup", place.Node.FullPath);
        return true;
    }

    /// <summary>
    /// Measures from now on the most memory at a time, apart from <see cref="ControlGroupUsage.PeakMemory"/>, which goes on, and from
    /// others who measure: of one job among several in a group that is kept. memory.peak, memory.swap.peak; Linux 6.12, version 2.
    /// </summary>
    /// <param name="swap">Of swap instead.</param>
    /// <returns>The caller's, to be disposed.</returns>
    /// <exception cref="KernelException">ENOENT: the group has no memory controller of version 2. EINVAL, EACCES: before Linux 6.12.</exception>
    public ControlGroupPeak MeasurePeak(bool swap = false)
    {
        string file = swap ? "memory.swap.peak" : "memory.peak";
        CgroupNode node = UnifiedOrThrow("measure the memory of cgroup");
        return new(
            node.TryOpenFile(file, OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC)
                .OrThrow("measure the memory of cgroup", $"{node.FullPath}/{file}", ControlGroupPeak.Hint),
            $"{node.FullPath}/{file}"
        );
    }

    /// <summary>How often what happened in it and in groups below: out of memory, processes refused; and whether any is in it.</summary>
    public CgroupCounts ReadEvents() => CgroupEvents.Read(Directories);

    /// <summary>
    /// The counts of <see cref="ReadEvents"/> now, and again whenever one has changed, until the group is gone. Several changes
    /// may come as one. It is watched when this returns. Where the memory controller is of version 1, of that only being out of
    /// memory is told of.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<CgroupCounts> WatchEventsAsync(CancellationToken cancellationToken = default) =>
        CgroupEvents.WatchAsync(Directories, cancellationToken);

    /// <summary>For how long its processes stood still for want of something; null without version 2.</summary>
    public ProcessPressure? ReadPressure() => Unified is { } unified ? CgroupPressure.In(unified.Node.FullPath) : null;

    private CgroupNode UnifiedOrThrow(string what) =>
        Unified?.Node ?? throw new KernelException(Errno.ENOENT, what, Name, "cgroup v2 is not mounted");
}
