using Tare.Linux;
using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Statistics;

/// <summary>Reads what a container has used so far.</summary>
internal static class StatisticsReading
{
    /// <summary>From all its groups: v1 decides where a controller is there, v2 adds the rest.</summary>
    /// <param name="cgroup">The container's groups.</param>
    /// <param name="process">Its first process's directory in /proc; null if that has ended.</param>
    public static ContainerStatistics Read(ContainerCgroup cgroup, DirectoryFd? process)
    {
        ContainerStatistics statistics = new() { Networks = process is null ? [] : NetworkReading.Read(process) };
        foreach (ContainerCgroup.Group group in cgroup.Groups)
        {
            if (group.IsLegacyController)
            {
                statistics = LegacyStatistics.Add(statistics, group);
            }
        }

        return cgroup.Unified is { } unified ? UnifiedStatistics.Add(statistics, unified) : statistics;
    }
}
