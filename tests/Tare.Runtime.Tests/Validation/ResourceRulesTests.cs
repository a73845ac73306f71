using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;

namespace Tare.Runtime.Tests.Validation;

public sealed class ResourceRulesTests
{
    public static TheoryData<string, ResourcesSpec> Wrong { get; } =
        new()
        {
            {
                "memory.limit: 65535 bytes are less than any program needs (give at least 65536, or -1 for none)",
                new ResourcesSpec { Memory = new MemorySpec { Limit = 65535 } }
            },
            {
                "memory.swap: 65536 is below limit 65537 (it counts memory and swap together)",
                new ResourcesSpec
                {
                    Memory = new MemorySpec { Limit = 65537, Swap = 65536 },
                }
            },
            {
                "memory.reservation: 65537 is above limit 65536 (lower it)",
                new ResourcesSpec
                {
                    Memory = new MemorySpec { Limit = 65536, Reservation = 65537 },
                }
            },
            {
                "memory.swappiness: 101 is above 100 (give 0 to 100)",
                new ResourcesSpec { Memory = new MemorySpec { Swappiness = 101 } }
            },
            {
                "cpu.period: 999 µs is not between 1000 and 1000000 (1 ms to 1 s)",
                new ResourcesSpec { Cpu = new CpuSpec { Period = 999 } }
            },
            {
                "cpu.period: 1000001 µs is not between 1000 and 1000000 (1 ms to 1 s)",
                new ResourcesSpec { Cpu = new CpuSpec { Period = 1_000_001 } }
            },
            {
                "cpu.quota: 999 µs is below the kernel's least, 1000 (or -1 for none)",
                new ResourcesSpec { Cpu = new CpuSpec { Quota = 999 } }
            },
            {
                "blockIO.weight: 9 is not between 10 and 1000 (give another, or 0 for the usual one)",
                new ResourcesSpec { BlockIo = new BlockIoSpec { Weight = 9 } }
            },
            {
                "blockIO.weightDevice[0].weight: 1001 is not between 10 and 1000 (give another, or 0 for the usual one)",
                new ResourcesSpec { BlockIo = new BlockIoSpec { WeightDevice = [new(8, 0, 1001, null)] } }
            },
            {
                "cpu.idle: 2 is neither 0 nor 1 (give one of them)",
                new ResourcesSpec { Cpu = new CpuSpec { Idle = 2 } }
            },
            {
                "devices[1].access: 'rx' has letters other than r, w and m (leave them out)",
                new ResourcesSpec
                {
                    Devices =
                    [
                        new DeviceRuleSpec { Allow = false },
                        new DeviceRuleSpec { Allow = true, Access = "rx" },
                    ],
                }
            },
            {
                "devices[0].type: a FIFO is not limited by a cgroup (use a, c or b)",
                new ResourcesSpec { Devices = [new DeviceRuleSpec { Allow = true, Type = DeviceType.Fifo }] }
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_limit_that_no_kernel_would_take_is_refused(string problem, ResourcesSpec resources) =>
        Assert.Equal($"linux.resources.{problem}", Refusal.OfLinux(linux => linux with { Resources = resources }));

    [Fact]
    public void The_least_and_the_most_are_taken()
    {
        ResourcesSpec resources = new()
        {
            Memory = new MemorySpec
            {
                Limit = 65536,
                Swap = 65536,
                Reservation = 65536,
                Swappiness = 100,
            },
            Cpu = new CpuSpec
            {
                Period = 1_000_000,
                Quota = -1,
                Idle = 1,
            },
            Pids = new PidsSpec(0),
        };

        Assert.Same(
            resources,
            Specs.Validate(Specs.Default.Linux(linux => linux with { Resources = resources })).Resources
        );
    }

    [Fact]
    public void No_memory_at_all_is_no_limit() =>
        Assert.Equal(
            new MemorySpec { Swappiness = 0, Kernel = 0 },
            Specs
                .Validate(
                    Specs.Default.Linux(linux =>
                        linux with
                        {
                            Resources = new ResourcesSpec
                            {
                                Memory = new MemorySpec
                                {
                                    Limit = 0,
                                    Swap = 0,
                                    Reservation = 0,
                                    Swappiness = 0,
                                    Kernel = 0,
                                },
                            },
                        }
                    )
                )
                .Resources!.Memory
        );

    public static TheoryData<string, DeviceSpec> WrongDevices { get; } =
        new()
        {
            { ".path: 'dev/x' is not absolute (begin it with '/')", Device("dev/x") },
            { ".path: is the root itself (name a file)", Device("/") },
            { ".type: 'a' is no kind of file (use c, b, u or p)", Device("/dev/x") with { Type = DeviceType.All } },
            {
                ".fileMode: 65536 has bits beyond 07777 (give permission bits only)",
                Device("/dev/x") with
                {
                    FileMode = 65536,
                }
            },
            { ": there is no device 4096:0 (major < 4096, minor < 1048576)", Device("/dev/x") with { Major = 4096 } },
            {
                ": there is no device 0:1048576 (major < 4096, minor < 1048576)",
                Device("/dev/x") with
                {
                    Minor = 1_048_576,
                }
            },
        };

    [Theory]
    [MemberData(nameof(WrongDevices))]
    public void A_device_is_one_that_can_be_made(string problem, DeviceSpec device) =>
        Assert.Equal($"linux.devices[0]{problem}", Refusal.OfLinux(linux => linux with { Devices = [device] }));

    [Fact]
    public void A_device_is_made_once() =>
        Assert.Equal(
            "linux.devices[1].path: '/dev/x' is there twice (remove one)",
            Refusal.OfLinux(linux => linux with { Devices = [Device("/dev/x"), Device("/dev//x")] })
        );

    [Fact]
    public void A_fifo_has_no_numbers_and_every_device_a_mode()
    {
        DeviceSpec fifo = Device("/run/f") with { Type = DeviceType.Fifo, Major = 5_000, Minor = 7 };

        Tare.Runtime.Validation.ValidatedDevice device = Assert.Single(
            Specs.Validate(Specs.Default.Linux(linux => linux with { Devices = [fifo] })).Devices
        );

        Assert.Equal((FileModes.S_IFIFO, 0u, 0u, 0x1B6u), (device.Type, device.Major, device.Minor, device.Mode));
    }

    private static DeviceSpec Device(string path) => new() { Path = path, Type = DeviceType.Character };
}
