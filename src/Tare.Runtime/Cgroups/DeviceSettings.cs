using System.Globalization;
using Tare.Oci;

namespace Tare.Runtime.Cgroups;

/// <summary>What the parts of <c>linux.resources</c> that are about devices mean for the files of cgroups.</summary>
internal static class DeviceSettings
{
    private const string Io = "linux.resources.blockIO.";

    /// <summary>Adds what cgroup v1 has.</summary>
    public static void AddLegacy(List<CgroupSetting> settings, ResourcesSpec resources)
    {
        AddHugepages(settings, resources, "rsvd.limit_in_bytes", "limit_in_bytes");
        if (resources.BlockIo is { } io)
        {
            AddWeights(settings, io);
            AddRates(settings, "read_bps", io.ThrottleReadBps, "throttleReadBpsDevice");
            AddRates(settings, "write_bps", io.ThrottleWriteBps, "throttleWriteBpsDevice");
            AddRates(settings, "read_iops", io.ThrottleReadIops, "throttleReadIOPSDevice");
            AddRates(settings, "write_iops", io.ThrottleWriteIops, "throttleWriteIOPSDevice");
        }

        if (resources.Network?.ClassId is { } id)
        {
            settings.Add(
                new("net_cls", "net_cls.classid", Text(id), "linux.resources.network.classID") { Optional = id == 0 }
            );
        }

        foreach (InterfacePrioritySpec priority in resources.Network?.Priorities ?? [])
        {
            string value = $"{priority.Name} {Text(priority.Priority)}";
            settings.Add(new("net_prio", "net_prio.ifpriomap", value, "linux.resources.network.priorities"));
        }

        AddRdma(settings, resources);
    }

    /// <summary>Adds what cgroup v2 has.</summary>
    /// <exception cref="NotSupportedException">Something is asked for that only cgroup v1 has.</exception>
    public static void AddUnified(List<CgroupSetting> settings, ResourcesSpec resources)
    {
        AddHugepages(settings, resources, "rsvd.max", "max");
        if (resources.BlockIo is { } io)
        {
            if (io.LeafWeight is not null || io.WeightDevice.Any(device => device.LeafWeight is not null))
            {
                throw UnifiedSettings.OnlyLegacy(Io + "leafWeight", "leave it out");
            }

            AddUnifiedWeights(settings, io);
            AddMaxima(settings, "rbps", io.ThrottleReadBps, "throttleReadBpsDevice");
            AddMaxima(settings, "wbps", io.ThrottleWriteBps, "throttleWriteBpsDevice");
            AddMaxima(settings, "riops", io.ThrottleReadIops, "throttleReadIOPSDevice");
            AddMaxima(settings, "wiops", io.ThrottleWriteIops, "throttleWriteIOPSDevice");
        }

        if (resources.Network is { ClassId: > 0 })
        {
            throw UnifiedSettings.OnlyLegacy("linux.resources.network.classID", "leave it out");
        }

        if (resources.Network is { Priorities.Count: > 0 })
        {
            throw UnifiedSettings.OnlyLegacy("linux.resources.network.priorities", "leave it out");
        }

        AddRdma(settings, resources);
    }

    // What is reserved is limited first: a program that maps more than that fails at once, and is not killed later.
    private static void AddHugepages(
        List<CgroupSetting> settings,
        ResourcesSpec resources,
        string reserved,
        string used
    )
    {
        foreach (HugepageLimitSpec limit in resources.HugepageLimits)
        {
            const string Property = "linux.resources.hugepageLimits";
            string value = limit.Limit.ToString(CultureInfo.InvariantCulture);
            settings.Add(new("hugetlb", $"hugetlb.{limit.PageSize}.{reserved}", value, Property) { Optional = true });
            settings.Add(new("hugetlb", $"hugetlb.{limit.PageSize}.{used}", value, Property));
        }
    }

    private static void AddWeights(List<CgroupSetting> settings, BlockIoSpec io)
    {
        if (io.Weight is { } weight)
        {
            settings.Add(
                new("blkio", "blkio.weight", Text(weight), Io + "weight")
                {
                    Otherwise = ("blkio.bfq.weight", Text(weight)),
                }
            );
        }

        if (io.LeafWeight is { } leaf)
        {
            settings.Add(new("blkio", "blkio.leaf_weight", Text(leaf), Io + "leafWeight"));
        }

        foreach (DeviceWeightSpec device in io.WeightDevice)
        {
            if (device.Weight is { } single)
            {
                string value = $"{Number(device.Major, device.Minor)} {Text(single)}";
                settings.Add(
                    new("blkio", "blkio.weight_device", value, Io + "weightDevice")
                    {
                        Otherwise = ("blkio.bfq.weight_device", value),
                    }
                );
            }

            if (device.LeafWeight is { } below)
            {
                string value = $"{Number(device.Major, device.Minor)} {Text(below)}";
                settings.Add(new("blkio", "blkio.leaf_weight_device", value, Io + "weightDevice"));
            }
        }
    }

    private static void AddUnifiedWeights(List<CgroupSetting> settings, BlockIoSpec io)
    {
        if (io.Weight is { } weight)
        {
            settings.Add(
                new("io", "io.bfq.weight", Text(weight), Io + "weight")
                {
                    Otherwise = ("io.weight", Text(Converted(weight))),
                }
            );
        }

        foreach (DeviceWeightSpec device in io.WeightDevice)
        {
            if (device.Weight is { } single)
            {
                string number = Number(device.Major, device.Minor);
                settings.Add(
                    new("io", "io.bfq.weight", $"{number} {Text(single)}", Io + "weightDevice")
                    {
                        Otherwise = ("io.weight", $"{number} {Text(Converted(single))}"),
                    }
                );
            }
        }
    }

    // From 10 … 1000, where 500 is usual, to 1 … 10000, as runc converts it.
    private static uint Converted(ushort weight) => 1 + ((weight - 10u) * 9999 / 990);

    private static void AddRates(
        List<CgroupSetting> settings,
        string what,
        IReadOnlyList<DeviceRateSpec> rates,
        string property
    )
    {
        foreach (DeviceRateSpec device in rates)
        {
            string value = string.Create(CultureInfo.InvariantCulture, $"{device.Major}:{device.Minor} {device.Rate}");
            settings.Add(new("blkio", $"blkio.throttle.{what}_device", value, Io + property));
        }
    }

    private static void AddMaxima(
        List<CgroupSetting> settings,
        string what,
        IReadOnlyList<DeviceRateSpec> rates,
        string property
    )
    {
        foreach (DeviceRateSpec device in rates)
        {
            string rate = device.Rate == 0 ? "max" : device.Rate.ToString(CultureInfo.InvariantCulture);
            settings.Add(new("io", "io.max", $"{Number(device.Major, device.Minor)} {what}={rate}", Io + property));
        }
    }

    private static void AddRdma(List<CgroupSetting> settings, ResourcesSpec resources)
    {
        foreach (RdmaSpec device in resources.Rdma)
        {
            string value = $"{device.Device} hca_handle={Most(device.Handles)} hca_object={Most(device.Objects)}";
            settings.Add(new("rdma", "rdma.max", value, $"linux.resources.rdma.{device.Device}"));
        }
    }

    private static string Most(uint? count) => count is { } number ? Text(number) : "max";

    private static string Number(uint major, uint minor) => $"{Text(major)}:{Text(minor)}";

    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
