using System.Text.Json.Nodes;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Systemd;

/// <summary>Limits as systemd tells them and as the kernel has them.</summary>
internal static class SystemdLimits
{
    private const long Mebibyte = 1 << 20;

    /// <summary>What is shown once they have been asked for.</summary>
    public static readonly string[] Asked =
    [
        "MemoryMax 67108864",
        "MemorySwapMax 33554432",
        "MemoryLow 16777216",
        "CPUWeight 59",
        "CPUQuotaPerSecUSec 400ms",
        "CPUQuotaPeriodUSec 50ms",
        "TasksMax 7",
        "AllowedCPUs 1",
        "memory.max 67108864",
        "memory.swap.max 33554432",
        "memory.low 16777216",
        "cpu.weight 59",
        "cpu.max 20000 50000",
        "pids.max 7",
        "cpuset.cpus 1",
    ];

    /// <summary>What is shown after an update of memory, swap, processes, quota and processors.</summary>
    public static readonly string[] Updated =
    [
        "MemoryMax 33554432",
        "MemorySwapMax 0",
        "MemoryLow 16777216",
        "CPUWeight 59",
        "CPUQuotaPerSecUSec 600ms",
        "CPUQuotaPeriodUSec 50ms",
        "TasksMax 9",
        "AllowedCPUs 0",
        "memory.max 33554432",
        "memory.swap.max 0",
        "memory.low 16777216",
        "cpu.weight 59",
        "cpu.max 30000 50000",
        "pids.max 9",
        "cpuset.cpus 0",
    ];

    /// <summary>Asks for them in a config.json.</summary>
    public static void Ask(JsonObject config)
    {
        config.Limit("memory", ("limit", 64 * Mebibyte), ("swap", 96 * Mebibyte), ("reservation", 16 * Mebibyte));
        config.Limit("cpu", ("shares", 512), ("quota", 20_000), ("period", 50_000), ("cpus", "1"));
        config.Limit("pids", ("limit", 7));
    }

    /// <summary>Shell code that shows them.</summary>
    public static string Show(string systemctl, string group, string unit) =>
        $$"""
            {
                for property in MemoryMax MemorySwapMax MemoryLow CPUWeight CPUQuotaPerSecUSec CPUQuotaPeriodUSec TasksMax AllowedCPUs; do
                    echo $property $({{systemctl}} show -P $property {{unit}})
                done
                for file in memory.max memory.swap.max memory.low cpu.weight cpu.max pids.max cpuset.cpus; do
                    echo $file $(cat {{group}}/$file)
                done
            }
            """;
}
