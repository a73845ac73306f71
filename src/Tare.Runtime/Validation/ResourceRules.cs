using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.resources</c> that hold on every machine; what a cgroup version lacks is found where it is set.</summary>
internal static class ResourceRules
{
    // Below this not even the first page tables of a program fit.
    private const long LeastMemory = 64 * 1024;
    private const ulong LeastPeriod = 1_000;
    private const ulong MostPeriod = 1_000_000;
    private const long LeastQuota = 1_000;
    private const ushort LeastWeight = 10;
    private const ushort MostWeight = 1_000;

    /// <summary>What is asked for; 0, where the kernel means something else by it, asks for nothing, as with runc.</summary>
    public static ResourcesSpec Check(ResourcesSpec? resources)
    {
        if (resources is null)
        {
            return new ResourcesSpec();
        }

        if (resources.Memory is { Limit: 0 } or { Swap: 0 } or { Reservation: 0 })
        {
            resources = resources with { Memory = Given(resources.Memory) };
        }

        CheckMemory(resources.Memory);
        CheckCpu(resources.Cpu);
        CheckBlockIo(resources.BlockIo);
        CheckNames(resources);
        for (int i = 0; i < resources.Devices.Count; i++)
        {
            CheckDevice($"linux.resources.devices[{i}]", resources.Devices[i]);
        }

        return resources;
    }

    // Nothing can have no memory: Docker's update names all limits, with 0 for those that the container does not have.
    private static MemorySpec Given(MemorySpec memory) =>
        memory with
        {
            Limit = memory.Limit is 0 ? null : memory.Limit,
            Swap = memory.Swap is 0 ? null : memory.Swap,
            Reservation = memory.Reservation is 0 ? null : memory.Reservation,
        };

    private static void CheckMemory(MemorySpec? memory)
    {
        const string Property = "linux.resources.memory";
        if (memory is null)
        {
            return;
        }

        if (memory.Limit is < LeastMemory and not -1)
        {
            throw new SpecException(
                $"{Property}.limit",
                $"{memory.Limit} bytes are less than any program needs (give at least {LeastMemory}, or -1 for none)"
            );
        }

        if (memory is { Swap: > 0, Limit: > 0 } && memory.Swap < memory.Limit)
        {
            throw new SpecException(
                $"{Property}.swap",
                $"{memory.Swap} is below limit {memory.Limit} (it counts memory and swap together)"
            );
        }

        if (memory is { Reservation: > 0, Limit: > 0 } && memory.Reservation > memory.Limit)
        {
            throw new SpecException(
                $"{Property}.reservation",
                $"{memory.Reservation} is above limit {memory.Limit} (lower it)"
            );
        }

        if (memory.Swappiness is > 100)
        {
            throw new SpecException($"{Property}.swappiness", $"{memory.Swappiness} is above 100 (give 0 to 100)");
        }
    }

    private static void CheckCpu(CpuSpec? cpu)
    {
        const string Property = "linux.resources.cpu";
        if (cpu is null)
        {
            return;
        }

        if (cpu.Period is { } period && (period is not 0 and (< LeastPeriod or > MostPeriod)))
        {
            throw new SpecException($"{Property}.period", $"{period} µs is not between 1000 and 1000000 (1 ms to 1 s)");
        }

        if (cpu.Quota is > 0 and < LeastQuota)
        {
            throw new SpecException(
                $"{Property}.quota",
                $"{cpu.Quota} µs is below the kernel's least, 1000 (or -1 for none)"
            );
        }

        if (cpu.Idle is not (null or 0 or 1))
        {
            throw new SpecException($"{Property}.idle", $"{cpu.Idle} is neither 0 nor 1 (give one of them)");
        }
    }

    // The kernel's least for v1; converted to v2 a lesser one would be no weight at all.
    private static void CheckBlockIo(BlockIoSpec? io)
    {
        const string Property = "linux.resources.blockIO";
        if (io is null)
        {
            return;
        }

        CheckWeight($"{Property}.weight", io.Weight);
        CheckWeight($"{Property}.leafWeight", io.LeafWeight);
        for (int i = 0; i < io.WeightDevice.Count; i++)
        {
            CheckWeight($"{Property}.weightDevice[{i}].weight", io.WeightDevice[i].Weight);
            CheckWeight($"{Property}.weightDevice[{i}].leafWeight", io.WeightDevice[i].LeafWeight);
        }
    }

    private static void CheckWeight(string property, ushort? weight)
    {
        if (weight is not null and (< LeastWeight or > MostWeight))
        {
            throw new SpecException(
                property,
                $"{weight} is not between {LeastWeight} and {MostWeight} (give another, or 0 for the usual one)"
            );
        }
    }

    // They become names of files.
    private static void CheckNames(ResourcesSpec resources)
    {
        for (int i = 0; i < resources.HugepageLimits.Count; i++)
        {
            string size = resources.HugepageLimits[i].PageSize;
            if (!IsPageSize(size))
            {
                throw new SpecException(
                    $"linux.resources.hugepageLimits[{i}].pageSize",
                    $"'{size}' is no size (write it like 2MB or 1GB)"
                );
            }
        }

        foreach ((string file, string _) in resources.Unified)
        {
            int dot = file.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || file.AsSpan().ContainsAny('/', '\0', '\n') || file.EndsWith('.'))
            {
                throw new SpecException(
                    $"linux.resources.unified.{file}",
                    "is no file of a cgroup (write it like memory.high)"
                );
            }
        }
    }

    private static bool IsPageSize(string size) =>
        size.Length > 2
        && size[^1] == 'B'
        && size[^2] is 'K' or 'M' or 'G'
        && !size.AsSpan(0, size.Length - 2).ContainsAnyExceptInRange('0', '9');

    private static void CheckDevice(string property, DeviceRuleSpec rule)
    {
        foreach (char letter in rule.Access)
        {
            if (letter is not ('r' or 'w' or 'm'))
            {
                throw new SpecException(
                    $"{property}.access",
                    $"'{rule.Access}' has letters other than r, w and m (leave them out)"
                );
            }
        }

        if (rule.Type == DeviceType.Fifo)
        {
            throw new SpecException($"{property}.type", "a FIFO is not limited by a cgroup (use a, c or b)");
        }
    }
}
