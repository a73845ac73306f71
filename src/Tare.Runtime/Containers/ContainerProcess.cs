using Tare.Linux;
using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>A container's first process, found again by its number and the time at which it started.</summary>
internal static class ContainerProcess
{
    /// <summary>When a process started, in ticks after boot; 0 if there is none.</summary>
    public static ulong StartOf(int processId) =>
        ProcStat.Read(processId) is { Ok: true } stat ? stat.Value.StartTicks : 0;

    /// <summary>The process; null if it has ended (whoever should reap it may not have done so yet).</summary>
    public static PidFd? TryOpen(ContainerRecord record)
    {
        if (record.ProcessId <= 0)
        {
            return null;
        }

        SysResult<PidFd> opened = PidFds.Open(record.ProcessId);
        if (!opened.Ok)
        {
            return null;
        }

        // The number may be another process's by now, but not between the opening and this look: the descriptor keeps it.
        SysResult<ProcStat> stat = ProcStat.Read(record.ProcessId);
        if (stat.Ok && !stat.Value.HasEnded && stat.Value.StartTicks == record.ProcessStartTime)
        {
            return opened.Value;
        }

        opened.Value.Dispose();
        return null;
    }
}
