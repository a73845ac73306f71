using Tare.Oci;
using Tare.Runtime.Statistics;

namespace Tare.Runtime.Tests.Statistics;

/// <summary>Texts as kernels write them that this machine may not be.</summary>
public sealed class KernelTextTests
{
    [Theory]
    [InlineData("4096\n", 4096UL)]
    [InlineData("max\n", ulong.MaxValue)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("-1", null)]
    [InlineData("", null)]
    [InlineData("many", null)]
    public void Numbers_have_no_sign_and_max_is_the_largest(string text, ulong? number) =>
        Assert.Equal(number, KernelText.Number(text));

    [Theory]
    [InlineData("0-3,7\n", new ulong[] { 0, 1, 2, 3, 7 })]
    [InlineData("5", new ulong[] { 5 })]
    [InlineData("\n", new ulong[0])]
    [InlineData("3-1", new ulong[0])]
    [InlineData("0-99999999999", null)]
    public void Lists_are_written_out(string text, ulong[]? numbers)
    {
        IReadOnlyList<ulong> list = KernelText.List(text);

        Assert.True(list.Count <= 1 << 16);
        Assert.Equal(numbers ?? list, list);
    }

    [Fact]
    public void Operations_on_devices_are_read_without_their_totals() =>
        Assert.Equal(
            [new BlockIoCount(8, 0, "Read", 100), new(8, 0, "Total", 100), new(8, 16, "", 7)],
            KernelText.BlockIo("8:0 Read 100\n8:0 Total 100\n8:16 7\nTotal 100\nnonsense\n")
        );

    [Fact]
    public void The_counts_of_v2_are_put_into_v1s_lists()
    {
        BlockIoStatistics io = UnifiedStatistics.BlockIo(
            "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 cost.usage=7\n254:16 \n253:1 wbytes=8\n"
        );

        Assert.Equal([new(8, 0, "Read", 1), new(8, 0, "Write", 2), new(253, 1, "Write", 8)], io.ServiceBytes);
        Assert.Equal([new(8, 0, "Read", 3), new(8, 0, "Write", 4)], io.Serviced);
    }

    [Fact]
    public void Pressure_is_read_in_percent_and_microseconds() =>
        Assert.Equal(
            new PressureStatistics(new(0.12, 3.4, 56, 789), new(0, 0, 0, 1)),
            KernelText.Pressure(
                "some avg10=0.12 avg60=3.40 avg300=56.00 total=789\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
            )
        );

    [Fact]
    public void Pressure_that_is_turned_off_is_none() => Assert.Null(KernelText.Pressure(""));

    [Theory]
    [InlineData("hugepages-2048kB", "2MB")]
    [InlineData("hugepages-1048576kB", "1GB")]
    [InlineData("hugepages-64kB", "64KB")]
    [InlineData("hugepages-16777216kB", "16GB")]
    [InlineData("power", null)]
    [InlineData("hugepages-xkB", null)]
    public void Sizes_of_huge_pages_are_named_as_cgroups_name_them(string directory, string? size) =>
        Assert.Equal(size, HugepageSizes.NameOf(directory));

    [Fact]
    public void Interfaces_are_read_without_loopback()
    {
        const string Text =
            "Inter-|   Receive                                                |  Transmit\n"
            + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
            + "    lo:      10       1    0    0    0     0          0         0       10       1    0    0    0     0       0          0\n"
            + "  eth0: 1000 20 3 4 0 0 0 0 5000 60 7 8 0 0 0 0\n"
            + "eth0:1:11 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n";

        Assert.Equal(
            [
                new NetworkStatistics("eth0", new(1000, 20, 3, 4), new(5000, 60, 7, 8)),
                new NetworkStatistics("eth0:1", new(11, 2, 3, 4), new(5, 6, 7, 8)),
            ],
            NetworkReading.Parse(Text)
        );
    }
}
