using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes statistics as runc does: the same names and order, and zeros left out where it leaves them out.</summary>
internal static class StatisticsWriter
{
    private static readonly CpusetStatistics NoCpuset = new();
    private static readonly MemoryStatistics NoMemory = new();

    public static void Write(Utf8JsonWriter json, ContainerStatistics statistics)
    {
        json.WriteStartObject();
        WriteCpu(json, statistics.Cpu ?? new CpuStatistics());
        WriteCpuset(json, statistics.Cpuset ?? NoCpuset);
        WriteMemory(json, statistics.Memory ?? NoMemory);
        json.WriteStartObject("pids"u8);
        json.WriteNumberUnlessZero("current"u8, statistics.Pids?.Current ?? 0);
        json.WriteNumberUnlessZero("limit"u8, statistics.Pids?.Limit ?? 0);
        json.WriteEndObject();
        WriteBlockIo(json, statistics.BlockIo ?? new BlockIoStatistics());
        WriteHugepages(json, statistics.Hugepages);

        // Nothing is read of resctrl; an empty object is what runc writes then.
        json.WriteStartObject("intel_rdt"u8);
        json.WriteEndObject();
        WriteNetworks(json, statistics.Networks);
        json.WriteEndObject();
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuStatistics cpu)
    {
        json.WriteStartObject("cpu"u8);
        json.WriteStartObject("usage"u8);
        json.WriteNumberUnlessZero("total"u8, cpu.Total);
        WriteNumbers(json, "percpu"u8, cpu.PerProcessor);
        WriteNumbers(json, "percpu_kernel"u8, cpu.PerProcessorKernel);
        WriteNumbers(json, "percpu_user"u8, cpu.PerProcessorUser);
        json.WriteNumber("kernel"u8, cpu.Kernel);
        json.WriteNumber("user"u8, cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling"u8);
        json.WriteNumberUnlessZero("periods"u8, cpu.Periods);
        json.WriteNumberUnlessZero("throttledPeriods"u8, cpu.ThrottledPeriods);
        json.WriteNumberUnlessZero("throttledTime"u8, cpu.ThrottledTime);
        json.WriteEndObject();
        WritePressure(json, cpu.Pressure);
        json.WriteEndObject();
    }

    private static void WriteCpuset(Utf8JsonWriter json, CpusetStatistics cpuset)
    {
        json.WriteStartObject("cpuset"u8);
        WriteNumbers(json, "cpus"u8, cpuset.Cpus);
        json.WriteNumber("cpu_exclusive"u8, cpuset.CpuExclusive);
        WriteNumbers(json, "mems"u8, cpuset.Mems);
        json.WriteNumber("mem_hardwall"u8, cpuset.MemHardwall);
        json.WriteNumber("mem_exclusive"u8, cpuset.MemExclusive);
        json.WriteNumber("memory_migrate"u8, cpuset.MemoryMigrate);
        json.WriteNumber("memory_spread_page"u8, cpuset.MemorySpreadPage);
        json.WriteNumber("memory_spread_slab"u8, cpuset.MemorySpreadSlab);
        json.WriteNumber("memory_pressure"u8, cpuset.MemoryPressure);
        json.WriteNumber("sched_load_balance"u8, cpuset.SchedLoadBalance);
        json.WriteNumber("sched_relax_domain_level"u8, cpuset.SchedRelaxDomainLevel);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryStatistics memory)
    {
        json.WriteStartObject("memory"u8);
        json.WriteNumberUnlessZero("cache"u8, memory.Cache);
        WriteCounter(json, "usage"u8, memory.Usage);
        WriteCounter(json, "swap"u8, memory.Swap);
        WriteCounter(json, "kernel"u8, memory.Kernel);
        WriteCounter(json, "kernelTCP"u8, memory.KernelTcp);
        if (memory.Raw.Count > 0)
        {
            json.WriteStartObject("raw"u8);
            foreach (string name in memory.Raw.Keys.Order(StringComparer.Ordinal))
            {
                json.WriteNumber(name, memory.Raw[name]);
            }

            json.WriteEndObject();
        }

        WritePressure(json, memory.Pressure);
        json.WriteEndObject();
    }

    private static void WriteCounter(Utf8JsonWriter json, ReadOnlySpan<byte> name, MemoryCounter counter)
    {
        json.WriteStartObject(name);
        json.WriteNumber("limit"u8, counter.Limit);
        json.WriteNumberUnlessZero("usage"u8, counter.Usage);
        json.WriteNumberUnlessZero("max"u8, counter.Max);
        json.WriteNumber("failcnt"u8, counter.Failcnt);
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, BlockIoStatistics io)
    {
        json.WriteStartObject("blkio"u8);
        json.WriteList("ioServiceBytesRecursive"u8, io.ServiceBytes, WriteCount);
        json.WriteList("ioServicedRecursive"u8, io.Serviced, WriteCount);
        json.WriteList("ioQueueRecursive"u8, io.Queued, WriteCount);
        json.WriteList("ioServiceTimeRecursive"u8, io.ServiceTime, WriteCount);
        json.WriteList("ioWaitTimeRecursive"u8, io.WaitTime, WriteCount);
        json.WriteList("ioMergedRecursive"u8, io.Merged, WriteCount);
        json.WriteList("ioTimeRecursive"u8, io.Time, WriteCount);
        json.WriteList("sectorsRecursive"u8, io.Sectors, WriteCount);
        WritePressure(json, io.Pressure);
        json.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter json, BlockIoCount count)
    {
        json.WriteStartObject();
        json.WriteNumberUnlessZero("major"u8, count.Major);
        json.WriteNumberUnlessZero("minor"u8, count.Minor);
        json.WriteText("op"u8, count.Operation.Length == 0 ? null : count.Operation);
        json.WriteNumberUnlessZero("value"u8, count.Value);
        json.WriteEndObject();
    }

    private static void WriteHugepages(Utf8JsonWriter json, IReadOnlyDictionary<string, HugepageStatistics> hugepages)
    {
        json.WriteStartObject("hugetlb"u8);
        foreach (string size in hugepages.Keys.Order(StringComparer.Ordinal))
        {
            json.WriteStartObject(size);
            json.WriteNumberUnlessZero("usage"u8, hugepages[size].Usage);
            json.WriteNumberUnlessZero("max"u8, hugepages[size].Max);
            json.WriteNumber("failcnt"u8, hugepages[size].Failcnt);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNetworks(Utf8JsonWriter json, IReadOnlyList<NetworkStatistics> networks)
    {
        if (networks.Count == 0)
        {
            json.WriteNull("network_interfaces"u8);
            return;
        }

        json.WriteList(
            "network_interfaces"u8,
            networks,
            static (json, network) =>
            {
                json.WriteStartObject();
                json.WriteString("Name"u8, network.Name);
                json.WriteNumber("RxBytes"u8, network.Received.Bytes);
                json.WriteNumber("RxPackets"u8, network.Received.Packets);
                json.WriteNumber("RxErrors"u8, network.Received.Errors);
                json.WriteNumber("RxDropped"u8, network.Received.Dropped);
                json.WriteNumber("TxBytes"u8, network.Sent.Bytes);
                json.WriteNumber("TxPackets"u8, network.Sent.Packets);
                json.WriteNumber("TxErrors"u8, network.Sent.Errors);
                json.WriteNumber("TxDropped"u8, network.Sent.Dropped);
                json.WriteEndObject();
            }
        );
    }

    private static void WritePressure(Utf8JsonWriter json, PressureStatistics? pressure)
    {
        if (pressure is null)
        {
            return;
        }

        json.WriteStartObject("psi"u8);
        WriteShare(json, "some"u8, pressure.Some);
        WriteShare(json, "full"u8, pressure.Full);
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, ReadOnlySpan<byte> name, PressureShare share)
    {
        json.WriteStartObject(name);
        json.WriteNumber("avg10"u8, share.Average10);
        json.WriteNumber("avg60"u8, share.Average60);
        json.WriteNumber("avg300"u8, share.Average300);
        json.WriteNumber("total"u8, share.Total);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<ulong> numbers)
    {
        if (numbers.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (ulong number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
