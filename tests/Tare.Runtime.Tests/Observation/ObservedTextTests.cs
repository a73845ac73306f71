using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Observation;

namespace Tare.Runtime.Tests.Observation;

public sealed class ObservedTextTests
{
    [Fact]
    public void Limits_are_read_as_the_kernel_lists_them() =>
        Assert.Equal(
            [
                new ObservedLimit(ResourceLimit.RLIMIT_CPU, ResourceLimits.Infinity, ResourceLimits.Infinity),
                new ObservedLimit(ResourceLimit.RLIMIT_NOFILE, 1024, 4096),
                new ObservedLimit(ResourceLimit.RLIMIT_NICE, 0, 0),
            ],
            LimitsText.Parse(
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max cpu time              unlimited            unlimited            seconds
                Max open files            1024                 4096                 files
                Max something new         1                    2                    things
                Max nice priority         0                    0
                """
            )
        );

    [Theory]
    [InlineData("0 100000 65536", 100_000u, 0u)]
    [InlineData("0 100000 65536", 165_535u, 65_535u)]
    [InlineData("0 100000 65536", 165_536u, 165_536u)]
    [InlineData("0 1000 1\n1 400000 65535\n", 400_004u, 5u)]
    [InlineData("0 0 4294967295", 4_294_967_294u, 4_294_967_294u)]
    [InlineData("", 7u, 7u)]
    public void Numbers_are_turned_into_those_inside(string map, uint outside, uint inside) =>
        Assert.Equal(inside, OwnIds.Parse(map).Inside(outside));
}
