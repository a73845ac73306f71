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

    public static ResourcesSpec Check(ResourcesSpec? resources)
    {
        if (resources is null)
        {
            return new ResourcesSpec();
        }

        CheckMemory(resources.Memory);
        CheckCpu(resources.Cpu);
        CheckNames(resources);
        for (int i = 0; i < resources.Devices.Count; i++)
        {
            CheckDevice($"linux.resources.devices[{i}]", resources.Devices[i]);
        }

        return resources;
    }

    private static void CheckMemory(MemorySpec? memory)
    {
        const string Property = "linux.resources.memory";
        if (memory is null)
        {
            return;
        }

        if (memory.Limit is >= 0 and < LeastMemory)
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
