using System.Text;

namespace Tare.Oci.Tests;

public sealed class EventDocumentTests
{
    [Fact]
    public void Memory_that_is_used_up_is_one_line() =>
        Assert.Equal(
            "{\"type\":\"oom\",\"id\":\"web-1\"}\n",
            Encoding.UTF8.GetString(EventDocument.WriteOutOfMemory("web-1"))
        );

    [Fact]
    public void Where_nothing_is_counted_there_are_the_zeros_that_runc_writes() =>
        Assert.Equal(
            (
                "{'type':'stats','id':'web-1','data':{"
                + "'cpu':{'usage':{'kernel':0,'user':0},'throttling':{}},"
                + "'cpuset':{'cpu_exclusive':0,'mem_hardwall':0,'mem_exclusive':0,'memory_migrate':0,"
                + "'memory_spread_page':0,'memory_spread_slab':0,'memory_pressure':0,'sched_load_balance':0,"
                + "'sched_relax_domain_level':0},"
                + "'memory':{'usage':NONE,'swap':NONE,'kernel':NONE,'kernelTCP':NONE},"
                + "'pids':{},'blkio':{},'hugetlb':{},'intel_rdt':{},'network_interfaces':null}}\n"
            )
                .Replace("NONE", "{'limit':0,'failcnt':0}", StringComparison.Ordinal)
                .Replace('\'', '"'),
            Encoding.UTF8.GetString(EventDocument.WriteStatistics("web-1", new ContainerStatistics()))
        );

    [Fact]
    public void What_is_counted_has_runcs_names_and_order()
    {
        PressureStatistics pressure = new(new(0.5, 12.34, 0, 99), default);
        ContainerStatistics statistics = new()
        {
            Cpu = new()
            {
                Total = 3,
                Kernel = 1,
                User = 2,
                PerProcessor = [3, 0],
                PerProcessorKernel = [1, 0],
                PerProcessorUser = [2, 0],
                Periods = 4,
                ThrottledPeriods = 5,
                ThrottledTime = 6,
                Pressure = pressure,
            },
            Memory = new()
            {
                Cache = 7,
                Usage = new(ulong.MaxValue, 8, 9, 10),
                Raw = new Dictionary<string, ulong> { ["b"] = 2, ["a"] = 0 },
            },
            Pids = new(11, 12),
            BlockIo = new() { ServiceBytes = [new(8, 0, "Read", 13), new(0, 0, "", 0)], Sectors = [new(8, 1, "", 14)] },
            Hugepages = new Dictionary<string, HugepageStatistics> { ["2MB"] = new(15, 16, 0) },
            Networks = [new("eth0", new(1, 2, 3, 4), new(5, 6, 7, 8))],
        };

        string text = Encoding.UTF8.GetString(EventDocument.WriteStatistics("x", statistics));

        foreach (
            string part in (string[])
                [
                    """usage":{"total":3,"percpu":[3,0],"percpu_kernel":[1,0],"percpu_user":[2,0],"kernel":1,"user":2},""",
                    """throttling":{"periods":4,"throttledPeriods":5,"throttledTime":6},""",
                    """psi":{"some":{"avg10":0.5,"avg60":12.34,"avg300":0,"total":99},"full":{"avg10":0,"avg60":0,"avg300":0,"total":0}}""",
                    """memory":{"cache":7,"usage":{"limit":18446744073709551615,"usage":8,"max":9,"failcnt":10},""",
                    """raw":{"a":0,"b":2}}""",
                    """pids":{"current":11,"limit":12}""",
                    """blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":13},{}],"sectorsRecursive":[{"major":8,"minor":1,"value":14}]}""",
                    """hugetlb":{"2MB":{"usage":15,"max":16,"failcnt":0}}""",
                    """network_interfaces":[{"Name":"eth0","RxBytes":1,"RxPackets":2,"RxErrors":3,"RxDropped":4,"TxBytes":5,"TxPackets":6,"TxErrors":7,"TxDropped":8}]""",
                ]
        )
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }
}
