using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Containers;

namespace Tare.Runtime.Cgroups;

/// <summary>Tells the kernel which devices a container may use.</summary>
internal static class DeviceControl
{
    private const int MaximumWrite = 64;

    /// <summary>On v1 by the files of the devices controller, on v2 by a BPF program.</summary>
    /// <returns>False: there are no rules, because this is an ordinary user.</returns>
    /// <exception cref="KernelException">The kernel refuses a rule or the program.</exception>
    public static bool Apply(IReadOnlyList<ContainerCgroup.Group> groups, ResourcesSpec? resources)
    {
        IReadOnlyList<DeviceRuleSpec> rules = DeviceRules.Of(resources);
        foreach (ContainerCgroup.Group group in groups)
        {
            if (!group.IsUnified && group.Has("devices"))
            {
                CheckLegacy(rules, resources);
                ApplyLegacy(group, rules);
                return true;
            }
        }

        foreach (ContainerCgroup.Group group in groups)
        {
            if (group.IsUnified)
            {
                using DirectoryFd directory = group.Mount.OpenDirectory(group.Place.Path);
                SysResult attached = DeviceFilters.Attach(directory, DeviceProgram.Of(rules));
                if (attached.Errno == Errno.EPERM && !Privileges.IsMachineRoot())
                {
                    return false;
                }

                attached.OrThrow("attach a device filter to cgroup", group.FullPath, "linux.resources.devices");
                return true;
            }
        }

        return false;
    }

    private static void CheckLegacy(IReadOnlyList<DeviceRuleSpec> rules, ResourcesSpec? resources)
    {
        if (DeviceRuleConflicts.Find(rules) is { } conflict)
        {
            int index = (resources?.Devices ?? []).TakeWhile(rule => !ReferenceEquals(rule, conflict)).Count();
            throw new ContainerException(
                $"linux.resources.devices[{index}]: '{DeviceRules.Format(conflict)}' is about a part of what an earlier rule "
                    + "is about, or about more, which cgroup v1 cannot do (name the same devices in both, or use cgroup v2)"
            );
        }
    }

    private static void ApplyLegacy(ContainerCgroup.Group group, IReadOnlyList<DeviceRuleSpec> rules)
    {
        using FileFd allow = group.OpenFile("devices.allow", OpenFlags.O_WRONLY);
        using FileFd deny = group.OpenFile("devices.deny", OpenFlags.O_WRONLY);
        Write(deny, group, "a");
        foreach (DeviceRuleSpec rule in rules)
        {
            FileFd file = rule.Allow ? allow : deny;
            if (rule.Type != DeviceType.All)
            {
                Write(file, group, DeviceRules.Format(rule));
            }
            else if (rule is { Major: null, Minor: null, Access.Length: 3 })
            {
                Write(file, group, "a");
            }
            else
            {
                // The kernel takes 'a' for everything, whatever stands behind it.
                Write(file, group, DeviceRules.Format(rule with { Type = DeviceType.Character }));
                Write(file, group, DeviceRules.Format(rule with { Type = DeviceType.Block }));
            }
        }
    }

    private static void Write(FileFd file, ContainerCgroup.Group group, string rule)
    {
        Span<byte> bytes = stackalloc byte[MaximumWrite];
        int length = System.Text.Encoding.UTF8.GetBytes(rule, bytes);
        SysResult<int> written = Files.Write(file, bytes[..length]);
        if (!written.Ok)
        {
            throw new KernelException(
                written.Errno,
                $"write '{rule}' to the device rules of",
                group.FullPath,
                "linux.resources.devices"
            );
        }
    }
}
