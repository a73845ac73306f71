using System.Globalization;

namespace Tare.Processes;

/// <summary>What limits of devices and networks mean for the files of each version of cgroups: one line for each device.</summary>
internal static class ControlGroupDeviceSettings
{
    /// <summary>For version 2.</summary>
    /// <exception cref="NotSupportedException">Something is asked for that only version 1 has.</exception>
    public static void AddUnified(List<ControlGroupSetting> settings, ControlGroupLimits limits)
    {
        string? refused =
            limits.NetworkClass is not null ? nameof(limits.NetworkClass)
            : !limits.NetworkPriorities.IsEmpty ? nameof(limits.NetworkPriorities)
            : null;
        if (refused is not null)
        {
            throw new NotSupportedException(
                $"{refused}: cgroup v2 has nothing for it (have the filter ask for the cgroup: tc's or nft's 'cgroup')"
            );
        }

        foreach (DiskLimit disk in limits.Disks)
        {
            if (disk.Latency is { } latency)
            {
                string line = $"{disk.Major}:{disk.Minor} target={Number((long)latency.TotalMicroseconds)}";
                settings.Add(new("io", "io.latency", line, nameof(limits.Disks)));
            }
        }

        AddWeights(settings, limits, "io", "io.weight", 10_000);
        foreach ((string region, long bytes) in limits.DeviceMemory)
        {
            settings.Add(new("dmem", "dmem.max", $"{region} {Amount(bytes)}", nameof(limits.DeviceMemory)));
        }

        AddBoth(settings, limits);
    }

    /// <summary>For version 1.</summary>
    public static void AddLegacy(List<ControlGroupSetting> settings, ControlGroupLimits limits)
    {
        if (limits.NetworkClass is { } mark)
        {
            settings.Add(new("net_cls", "net_cls.classid", Number(mark), nameof(limits.NetworkClass)));
        }

        foreach ((string device, int priority) in limits.NetworkPriorities)
        {
            string line = $"{device} {Number(priority)}";
            settings.Add(new("net_prio", "net_prio.ifpriomap", line, nameof(limits.NetworkPriorities)));
        }

        AddWeights(settings, limits, "blkio", "blkio.bfq.weight_device", 1000);
        AddBoth(settings, limits);
    }

    private static void AddWeights(
        List<ControlGroupSetting> settings,
        ControlGroupLimits limits,
        string controller,
        string file,
        int highest
    )
    {
        foreach (DiskLimit disk in limits.Disks)
        {
            if (disk.Weight is { } weight)
            {
                string line = $"{disk.Major}:{disk.Minor} {Number(Math.Min(weight, highest))}";
                settings.Add(new(controller, file, line, nameof(limits.Disks)));
            }
        }
    }

    private static void AddBoth(List<ControlGroupSetting> settings, ControlGroupLimits limits)
    {
        foreach ((string device, RdmaLimit limit) in limits.Rdma)
        {
            string line =
                device
                + (limit.Handles is { } handles ? $" hca_handle={Number(handles)}" : "")
                + (limit.Objects is { } objects ? $" hca_object={Number(objects)}" : "");
            settings.Add(new("rdma", "rdma.max", line, nameof(limits.Rdma)));
        }

        foreach ((string thing, long amount) in limits.Scarce)
        {
            settings.Add(new("misc", "misc.max", $"{thing} {Amount(amount)}", nameof(limits.Scarce)));
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Amount(long value) => value == ControlGroupLimits.Unlimited ? "max" : Number(value);
}
