using CsCheck;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Tests.Cgroups;

public sealed class CpuWeightTests
{
    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(2UL, 1UL)]
    [InlineData(1024UL, 100UL)]
    [InlineData(262_144UL, 10_000UL)]
    [InlineData(ulong.MaxValue, 10_000UL)]
    public void The_ends_and_the_default_correspond(ulong shares, ulong weight) =>
        Assert.Equal(weight, CpuWeight.FromShares(shares));

    [Fact]
    public void More_shares_never_weigh_less() =>
        Gen.Select(Gen.ULong[0, 300_000], Gen.ULong[0, 300_000])
            .Sample((a, b) => CpuWeight.FromShares(Math.Min(a, b)) <= CpuWeight.FromShares(Math.Max(a, b)));

    [Fact]
    public void A_weight_is_one_that_the_kernel_takes() =>
        Gen.ULong.Sample(shares => CpuWeight.FromShares(shares) is >= 1 and <= 10_000);
}
