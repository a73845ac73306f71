using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Inspecting;

/// <summary>What a process may use, and what its cgroups have used, in words.</summary>
internal static class ResourceFacts
{
    private const string Unlimited = "no limit";

    /// <summary>The cgroups with their figures. Brief: hierarchies that it is at the root of are named in one line.</summary>
    public static IReadOnlyList<(string, string)> Cgroups(Inspection inspection, bool brief)
    {
        List<(string, string)> facts = [];
        foreach (CgroupFigures cgroup in inspection.Cgroups)
        {
            if (brief && cgroup.Path == "/")
            {
                continue;
            }

            facts.Add((cgroup.Hierarchy, Visible.Of(cgroup.Path)));
            foreach ((string name, string value) in cgroup.Values)
            {
                facts.Add(($"  {name}", Measure(name, Visible.Of(value))));
            }
        }

        string atRoot = string.Join(
            ", ",
            inspection.Cgroups.Where(one => one.Path == "/").Select(one => one.Hierarchy)
        );
        if (brief && atRoot.Length > 0)
        {
            facts.Add(("/", Visible.Of(atRoot)));
        }

        if (inspection.Process.Pressure is { } pressure)
        {
            facts.Add(
                (
                    "pressure",
                    $"processors {Stall(pressure.Cpu)}, memory {Stall(pressure.Memory)}, disks {Stall(pressure.Io)}"
                )
            );
        }

        return facts.Count > 0 ? facts : [("all", "none")];
    }

    /// <summary>The limits. Brief: those that are none are named in one line.</summary>
    public static IReadOnlyList<(string, string)> Limits(Inspection inspection, bool brief)
    {
        if (inspection.Process.Limits is not { } limits)
        {
            return [("all", inspection.Or(null))];
        }

        List<(string, string)> facts = [];
        List<string> none = [];
        foreach ((ResourceLimit resource, RLimit64 limit) in limits.OrderBy(limit => limit.Key))
        {
            string name = ResourceLimits.NameOf(resource)["RLIMIT_".Length..].ToLowerInvariant();
            if (brief && limit is { Current: ResourceLimits.Infinity, Maximum: ResourceLimits.Infinity })
            {
                none.Add(name);
                continue;
            }

            string soft = Limit(resource, limit.Current);
            facts.Add(
                (
                    name,
                    limit.Current == limit.Maximum ? soft : $"{soft}, can be raised to {Limit(resource, limit.Maximum)}"
                )
            );
        }

        if (none.Count > 0)
        {
            facts.Add((Unlimited, string.Join(", ", none)));
        }

        return facts;
    }

    private static string Measure(string name, string value)
    {
        bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return value == "max" || (name == "cpu.cfs_quota_us" && value == "-1") ? Unlimited
            : !isNumber ? value
            : name.StartsWith("memory.", StringComparison.Ordinal) && name != "memory.failcnt" ? Bytes(number)
            : name.EndsWith("_usec", StringComparison.Ordinal) || name.EndsWith("_us", StringComparison.Ordinal)
                ? Words.Time(TimeSpan.FromMicroseconds(number))
            : name is "cpuacct.usage" or "cpu.stat throttled_time" ? InspectionFacts.Nanoseconds(number)
            : value;
    }

    // Version 1 counts in pages, and its largest number means none.
    private static string Bytes(long number) => number >= long.MaxValue >> 16 << 16 ? Unlimited : Words.Size(number);

    private static string Limit(ResourceLimit resource, ulong value) =>
        value == ResourceLimits.Infinity ? Unlimited
        : IsSize(resource) && value <= long.MaxValue ? Words.Size((long)value)
        : resource == ResourceLimit.RLIMIT_CPU && value < uint.MaxValue ? Words.Time(TimeSpan.FromSeconds((long)value))
        : value.ToString(CultureInfo.InvariantCulture);

    private static bool IsSize(ResourceLimit resource) =>
        resource
            is ResourceLimit.RLIMIT_FSIZE
                or ResourceLimit.RLIMIT_DATA
                or ResourceLimit.RLIMIT_STACK
                or ResourceLimit.RLIMIT_CORE
                or ResourceLimit.RLIMIT_RSS
                or ResourceLimit.RLIMIT_MEMLOCK
                or ResourceLimit.RLIMIT_AS
                or ResourceLimit.RLIMIT_MSGQUEUE;

    private static string Stall(PressureStall? stall) =>
        stall is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.Some.Average10:0.##} %") : "unknown";
}
