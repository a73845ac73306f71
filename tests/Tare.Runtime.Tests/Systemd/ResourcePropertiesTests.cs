using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.State;
using Tare.Runtime.Systemd;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Systemd;

/// <summary>What limits and annotations mean to systemd.</summary>
public sealed class ResourcePropertiesTests
{
    private const int Version = 257;

    [Fact]
    public void Every_limit_that_systemd_knows_has_its_property() =>
        Assert.Equal(
            [
                "MemoryMax t 67108864",
                "MemorySwapMax t 33554432",
                "MemoryLow t 1048576",
                "CPUWeight t 59",
                "CPUQuotaPeriodUSec t 50000",
                "CPUQuotaPerSecUSec t 400000",
                "AllowedCPUs ay 5 2",
                "AllowedMemoryNodes ay 1",
                "TasksMax t 7",
                "IOWeight t 910",
                "IODeviceWeight a(st) /dev/block/8:0=1920",
                "IOReadBandwidthMax a(st) /dev/block/8:0=1000 /dev/block/8:16=18446744073709551615",
                "IOWriteIOPSMax a(st) /dev/block/8:0=5",
            ],
            Of(
                new ResourcesSpec
                {
                    Memory = new MemorySpec
                    {
                        Limit = 64 << 20,
                        Swap = 96 << 20,
                        Reservation = 1 << 20,
                    },
                    Cpu = new CpuSpec
                    {
                        Shares = 512,
                        Quota = 20_000,
                        Period = 50_000,
                        Cpus = "0,2,9",
                        Mems = "0",
                    },
                    Pids = new PidsSpec(7),
                    BlockIo = new BlockIoSpec
                    {
                        Weight = 100,
                        WeightDevice = [new DeviceWeightSpec(8, 0, 200, null)],
                        ThrottleReadBps = [new DeviceRateSpec(8, 0, 1000), new DeviceRateSpec(8, 16, 0)],
                        ThrottleWriteIops = [new DeviceRateSpec(8, 0, 5)],
                    },
                }
            )
        );

    [Fact]
    public void No_limit_is_the_greatest_number_and_the_least_is_one() =>
        Assert.Equal(
            ["MemoryMax t 18446744073709551615", "MemorySwapMax t 18446744073709551615", "TasksMax t 1"],
            Of(
                new ResourcesSpec
                {
                    Memory = new MemorySpec { Limit = -1, Swap = -1 },
                    Pids = new PidsSpec(0),
                }
            )
        );

    [Fact]
    public void Files_that_are_named_as_they_are_have_properties_too_and_the_last_word() =>
        Assert.Equal(
            ["MemoryHigh t 49152", "MemoryMax t 2097152", "CPUQuotaPeriodUSec t 100000", "CPUQuotaPerSecUSec t 340000"],
            Of(
                new ResourcesSpec
                {
                    Memory = new MemorySpec { Limit = 5 },
                    Unified = new Dictionary<string, string>
                    {
                        ["memory.high"] = "48K",
                        ["memory.max"] = "2m",
                        ["memory.oom.group"] = "1",
                        ["cpu.max"] = "33333",
                        ["cgroup.max.depth"] = "2",
                    },
                }
            )
        );

    [Fact]
    public void What_an_old_systemd_does_not_know_is_left_to_the_files()
    {
        ResourcesSpec resources = new()
        {
            Cpu = new CpuSpec
            {
                Idle = 1,
                Quota = 50_000,
                Cpus = "0",
            },
        };

        Assert.Equal(
            ["CPUWeight t 0", "CPUQuotaPeriodUSec t 100000", "CPUQuotaPerSecUSec t 500000", "AllowedCPUs ay 1"],
            Of(resources, 252)
        );
        Assert.Equal(["CPUQuotaPerSecUSec t 500000"], Of(resources, 241));
    }

    [Fact]
    public void A_scope_begins_with_its_process_and_the_annotations_have_the_last_word()
    {
        IReadOnlyList<UnitProperty> annotated = PropertyAnnotations.Read(
            new Dictionary<string, string>
            {
                ["other"] = "x",
                ["org.systemd.property.TimeoutStopSec"] = "2.5",
                ["org.systemd.property.CollectMode"] = "'inactive'",
                ["org.systemd.property.After"] = "['a.service']",
            }
        );
        ContainerId id = ContainerId.Parse("web");
        ScopeName name = ScopeName.Parse("a.slice:p:web", id, isUser: false);

        Assert.Equal(
            [
                "Description s tare container web",
                "Slice s a.slice",
                "PIDs au 42",
                "DefaultDependencies b false",
                "Delegate b true",
                "MemoryAccounting b true",
                "CPUAccounting b true",
                "IOAccounting b true",
                "TasksAccounting b true",
                "TimeoutStopUSec t 2500000",
                "CollectMode s inactive",
                "After as a.service",
            ],
            ScopeProperties.Of(id, name, 42, [], annotated, Version).Select(property => property.ToString())
        );
    }

    [Theory]
    [InlineData("org.systemd.property.A", "true", "is no property's name")]
    [InlineData("org.systemd.property.Memory1", "true", "is no property's name")]
    [InlineData("org.systemd.property.", "true", "is no property's name")]
    [InlineData("org.systemd.property.CollectMode", "inactive", "is no value")]
    [InlineData("org.systemd.property.TimeoutStopSec", "'a'", "is no time in seconds")]
    [InlineData("org.systemd.property.TimeoutStopSec", "-1", "is no time in seconds")]
    [InlineData("org.systemd.property.PIDs", "[uint32 1]", "is set by the runtime alone")]
    [InlineData("org.systemd.property.Slice", "'-.slice'", "is set by the runtime alone")]
    [InlineData("org.systemd.property.Delegate", "false", "is set by the runtime alone")]
    public void An_annotation_that_is_no_property_is_refused_by_name(string key, string value, string problem)
    {
        SpecException refused = Assert.Throws<SpecException>(() =>
            PropertyAnnotations.Read(new Dictionary<string, string> { [key] = value })
        );

        Assert.StartsWith($"annotations.{key}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("0-3,8", "15 1")]
    [InlineData("15", "0 128")]
    [InlineData("", null)]
    [InlineData("a", null)]
    [InlineData("3-1", null)]
    [InlineData("70000", null)]
    public void A_list_of_processors_is_a_bit_for_each(string list, string? mask) =>
        Assert.Equal(mask, CpuMask.TryParse(list) is { } bytes ? string.Join(' ', bytes) : null);

    private static IEnumerable<string> Of(ResourcesSpec resources, int version = Version) =>
        ResourceProperties.Of(UnifiedSettings.Of(resources), version).Select(property => property.ToString());
}
