using System.Text;
using Tare.Linux;

namespace Tare.Cli.Inspecting;

/// <summary>A cgroup of the process with what its files say of limits and of use.</summary>
/// <param name="Hierarchy">Controllers of version 1, or <c>unified</c>.</param>
/// <param name="Path">The path as /proc/PID/cgroup has it.</param>
/// <param name="Values">The files that there are, by their names, each of one line.</param>
internal sealed record CgroupFigures(string Hierarchy, string Path, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    // What limits, then what has been used; a cgroup has those of its controllers, of version 2 or 1.
    private static readonly string[] Files =
    [
        "memory.current",
        "memory.max",
        "memory.high",
        "memory.low",
        "memory.peak",
        "memory.swap.current",
        "memory.swap.max",
        "memory.usage_in_bytes",
        "memory.limit_in_bytes",
        "memory.soft_limit_in_bytes",
        "memory.max_usage_in_bytes",
        "memory.failcnt",
        "cpu.max",
        "cpu.weight",
        "cpu.shares",
        "cpu.cfs_quota_us",
        "cpu.cfs_period_us",
        "cpuacct.usage",
        "cpuset.cpus.effective",
        "cpuset.cpus",
        "cpuset.effective_cpus",
        "pids.current",
        "pids.max",
        "pids.peak",
        "io.max",
        "io.weight",
        "cgroup.freeze",
        "freezer.state",
    ];

    /// <summary>Reads those of a process.</summary>
    public static IReadOnlyList<CgroupFigures> ReadAll(IReadOnlyList<CgroupMembership> cgroups)
    {
        SysResult<CgroupLayout> layout = CgroupLayout.Read();
        List<CgroupFigures> all = [];
        foreach (CgroupMembership cgroup in cgroups)
        {
            string? directory = layout.Ok ? DirectoryOf(layout.Value, cgroup) : null;
            all.Add(
                new(
                    cgroup.IsUnified ? "unified" : string.Join(',', cgroup.Controllers),
                    cgroup.Path,
                    directory is null ? [] : [.. Read(directory)]
                )
            );
        }

        return all;
    }

    private static IEnumerable<KeyValuePair<string, string>> Read(string directory)
    {
        foreach (string file in Files)
        {
            SysResult<byte[]> text = Tare.Linux.Files.ReadAllAt(null, $"{directory}/{file}", 1 << 16);
            string value = text.Ok ? Encoding.UTF8.GetString(text.Value).TrimEnd('\n').Replace("\n", "; ") : "";
            if (value.Length > 0)
            {
                yield return new(file, value);
            }
        }

        SysResult<byte[]> statistics = Tare.Linux.Files.ReadAllAt(null, $"{directory}/cpu.stat", 1 << 16);
        foreach (string line in Encoding.UTF8.GetString(statistics.Value ?? []).Split('\n'))
        {
            string[] words = line.Split(' ');
            if (words is ["usage_usec" or "throttled_usec" or "throttled_time", var value])
            {
                yield return new($"cpu.stat {words[0]}", value);
            }
        }
    }

    private static string? DirectoryOf(CgroupLayout layout, CgroupMembership cgroup)
    {
        foreach (CgroupHierarchy hierarchy in layout.Hierarchies)
        {
            bool isIts = cgroup.IsUnified
                ? hierarchy.Version == 2
                : hierarchy.Version == 1
                    && (
                        hierarchy.Name is { } name
                            ? cgroup.Controllers.Contains($"name={name}")
                            : hierarchy.Controllers.Count > 0
                                && hierarchy.Controllers.All(controller => cgroup.Controllers.Contains(controller))
                    );
            if (isIts)
            {
                return hierarchy.DirectoryOf(cgroup.Path);
            }
        }

        return null;
    }
}
