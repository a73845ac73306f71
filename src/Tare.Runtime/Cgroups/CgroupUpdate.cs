using System.Globalization;
using Tare.Oci;
using Tare.Runtime.Systemd;

namespace Tare.Runtime.Cgroups;

/// <summary>
/// Changes the limits of groups that have some. What is not given stays as it is, where the kernel keeps two properties in one
/// file, too. Rules about devices are not changed, as with runc.
/// </summary>
public static class CgroupUpdate
{
    /// <summary>Writes the new limits.</summary>
    /// <param name="cgroup">The groups.</param>
    /// <param name="resources">The limits.</param>
    /// <param name="undo">Writes back, the last first, what was there before.</param>
    /// <exception cref="Linux.KernelException">A value is refused by the kernel. Those before it have been written.</exception>
    /// <exception cref="ContainerException">A controller is missing, or a limit lies below what is in use and is not to.</exception>
    /// <exception cref="NotSupportedException">Something is asked for that only cgroup v1 has.</exception>
    public static void Apply(ContainerCgroup cgroup, ResourcesSpec resources, Rollback undo)
    {
        ResourcesSpec wanted = resources with { Devices = [], Memory = Unlimited(resources.Memory) };
        if (!cgroup.IsLegacy && cgroup.Unified is { } group)
        {
            CheckUsage(group, wanted.Memory);
            wanted = wanted with { Memory = Completed(group, wanted.Memory), Cpu = Completed(group, wanted.Cpu) };
        }

        if (cgroup.Unit is { } unit)
        {
            IReadOnlyList<CgroupSetting> settings = UnifiedSettings.Of(wanted);
            IReadOnlyList<CgroupSetting> before = Earlier(cgroup, settings);
            SystemdScope.Update(unit, settings);
            undo.Push(() => SystemdScope.Update(unit, before));
        }

        cgroup.ApplyLimits(wanted, undo);
    }

    private static List<CgroupSetting> Earlier(ContainerCgroup cgroup, IReadOnlyList<CgroupSetting> settings)
    {
        List<CgroupSetting> earlier = [];
        foreach (CgroupSetting setting in settings)
        {
            if (
                cgroup.Unified is { } group
                && Read(group, setting.File) is { Length: > 0 } content
                && EarlierValue.Of(setting.File, setting.Value, content) is { } value
            )
            {
                earlier.Add(setting with { Value = value });
            }
        }

        return earlier;
    }

    // A limit on memory and swap together makes no sense above memory without one.
    private static MemorySpec? Unlimited(MemorySpec? memory) =>
        memory is { Limit: -1, Swap: null } ? memory with { Swap = -1 } : memory;

    private static void CheckUsage(ContainerCgroup.Group group, MemorySpec? memory)
    {
        if (
            memory is { CheckBeforeUpdate: true, Limit: >= 0 and var limit }
            && Number(Read(group, "memory.current")) is { } usage
            && limit < usage
        )
        {
            throw new ContainerException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"linux.resources.memory.limit: {limit} is below the {usage} bytes in use (give more, or leave checkBeforeUpdate out)"
                )
            );
        }
    }

    // Swap is given with memory, and the group has it without.
    private static MemorySpec? Completed(ContainerCgroup.Group group, MemorySpec? memory) =>
        memory is { Limit: null, Swap: >= 0 } && Number(Read(group, "memory.max")) is { } limit
            ? memory with
            {
                Limit = limit,
            }
            : memory;

    private static CpuSpec? Completed(ContainerCgroup.Group group, CpuSpec? cpu)
    {
        if (cpu is null || (cpu.Quota is null or 0) == (cpu.Period is null or 0))
        {
            return cpu;
        }

        string[] present = (Read(group, "cpu.max") ?? "").Split(' ');
        return present.Length != 2 ? cpu
            : cpu.Quota is null or 0 ? cpu with { Quota = Number(present[0]) ?? -1 }
            : cpu with { Period = (ulong?)Number(present[1]) };
    }

    private static string? Read(ContainerCgroup.Group group, string file) => group.Read(file)?.Trim();

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
