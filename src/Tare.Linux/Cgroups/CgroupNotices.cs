using System.Globalization;
using System.Text;

namespace Tare.Linux;

/// <summary>Notices of cgroup v1. Linux, Documentation/admin-guide/cgroup-v1/memory.rst, "Memory thresholds" and "OOM Control".</summary>
public static class CgroupNotices
{
    /// <summary>
    /// Has a counter raised whenever a group's processes do not get memory within its limit, and once when the group goes.
    /// The registration ends with the counter.
    /// </summary>
    /// <param name="group">The group's directory.</param>
    /// <param name="counter">What is raised.</param>
    /// <returns>ENOENT: the group has no memory controller. EACCES: this user may not write there.</returns>
    public static SysResult RegisterOutOfMemory(DirectoryFd group, EventFd counter)
    {
        SysResult<FileFd> opened = Files.OpenAt(group, "memory.oom_control", Abi.OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return new(opened.Errno);
        }

        using FileFd control = opened.Value;
        using Borrowed raised = new(counter);
        using Borrowed watched = new(control);
        string line = string.Create(CultureInfo.InvariantCulture, $"{raised.Number} {watched.Number}");
        return Files.WriteValueAt(group, "cgroup.event_control", Encoding.ASCII.GetBytes(line));
    }
}
