using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>Waits for what <c>cgroup.events</c> of a v2 group says; the kernel wakes those who poll it.</summary>
internal static class CgroupEvents
{
    // The kernel puts off waking those who poll where it has woken them less than 10 ms ago (CGROUP_FILE_NOTIFY_MIN_INTV), and
    // what is waited for has mostly happened long before.
    private const int Glances = 256;

    /// <summary>Waits until a line is there.</summary>
    /// <param name="group">A v2 group.</param>
    /// <param name="line">For instance <c>frozen 1</c>.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>False if the time was up. A group that is gone has nothing to wait for.</returns>
    public static bool WaitFor(ContainerCgroup.Group group, ReadOnlySpan<byte> line, TimeSpan timeout)
    {
        SysResult<FileFd> opened = group.TryOpenFile("cgroup.events", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return true;
        }

        using FileFd events = opened.Value;
        Span<byte> text = stackalloc byte[256];
        for (int i = 0; ; i++)
        {
            SysResult<int> read = Files.ReadAt(events, text, 0);
            if (!read.Ok || text[..read.Value].IndexOf(line) >= 0)
            {
                return true;
            }

            if (i < Glances)
            {
                Thread.Yield();
                continue;
            }

            SysResult<PollEvents> woken = Poll.Wait(events, PollEvents.POLLPRI, timeout);
            if (!woken.Ok || woken.Value == 0)
            {
                return false;
            }
        }
    }
}
