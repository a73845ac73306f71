using System.Globalization;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Places in the kernel that tell of what happens there. perf_event_open(2), tracefs.</summary>
public static class Tracepoints
{
    private const uint KindOfTracepoints = 2; // PERF_TYPE_TRACEPOINT
    private const uint CloseOnExec = 8;
    private static readonly string[] Folders = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    /// <summary>The number of a tracepoint. ENOENT: there is none, or tracefs is not mounted; EACCES: it is root's.</summary>
    /// <param name="system">The part of the kernel: <c>sched</c>.</param>
    /// <param name="name">The tracepoint: <c>sched_process_exec</c>.</param>
    public static SysResult<int> Find(string system, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(system);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Errno errno = Errno.ENOENT;
        foreach (string folder in Folders)
        {
            SysResult<byte[]> read = Files.ReadAllAt(null, $"{folder}/events/{system}/{name}/id");
            if (
                read.Ok
                && int.TryParse(Encoding.ASCII.GetString(read.Value), CultureInfo.InvariantCulture, out int number)
            )
            {
                return new(number, Errno.None);
            }

            errno = read.Errno == Errno.ENOENT ? errno : read.Errno;
        }

        return new(0, errno);
    }

    /// <summary>
    /// Counts how often a thread, and what it starts, comes by; <see cref="PerfCounters.Read"/> reads the count, and
    /// <see cref="BpfPrograms.Attach(FileFd, BpfProgramFd)"/> has a program run there. EACCES or EPERM: CAP_PERFMON.
    /// </summary>
    /// <param name="tracepoint">Its number.</param>
    /// <param name="threadId">Whom; 0 is the caller; null is whoever runs on a processor.</param>
    /// <param name="processor">The processor where no thread is given.</param>
    public static SysResult<FileFd> Open(int tracepoint, int? threadId, int processor = 0)
    {
        PerfEventAttribute attribute = PerfCounters.Attribute(KindOfTracepoints, (uint)tracepoint, withKernel: true);
        nint raw = Interop.perf_event_open(attribute, threadId ?? -1, threadId is null ? processor : -1, CloseOnExec);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>Counts how often processes of a cgroup come by on a processor. See <see cref="PerfCounters.OpenGroup(PerfCounter, DirectoryFd, int, bool)"/>.</summary>
    public static SysResult<FileFd> OpenGroup(int tracepoint, DirectoryFd cgroup, int processor) =>
        PerfCounters.OpenGroup(KindOfTracepoints, (uint)tracepoint, cgroup, processor, withKernel: true);
}
