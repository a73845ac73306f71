using System.Collections.Immutable;
using System.Globalization;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>Tells the kernel which devices a group may use.</summary>
internal static class ControlGroupDevices
{
    /// <summary>The controller of version 1; version 2 has none and takes a program instead.</summary>
    public const string Controller = "devices";

    /// <summary>On v1 by the files of the devices controller, on v2 by a BPF program.</summary>
    /// <exception cref="KernelException">EPERM: needs CAP_SYS_ADMIN, or on v2 CAP_BPF.</exception>
    /// <exception cref="NotSupportedException">The group is in no hierarchy that can do it.</exception>
    public static void Apply(IReadOnlyList<ControlGroup.Place> places, ImmutableArray<DeviceFilterRule> rules)
    {
        if (
            places.FirstOrDefault(place => !place.Node.IsUnified && place.Controllers.Contains(Controller)) is
            { } legacy
        )
        {
            ApplyLegacy(legacy.Node, rules);
            return;
        }

        if (places.FirstOrDefault(place => place.Node.IsUnified) is not { } unified)
        {
            throw new NotSupportedException(
                $"{nameof(ControlGroupLimits.Devices)}: there is neither cgroup v2 nor a controller '{Controller}' here"
            );
        }

        using DirectoryFd directory = unified.Node.Mount.OpenDirectory(unified.Node.Path);
        DeviceFilters
            .Attach(directory, DeviceFilterProgram.Of(rules))
            .OrThrow("attach a device filter to cgroup", unified.Node.FullPath, nameof(ControlGroupLimits.Devices));
    }

    /// <summary>A rule as <c>devices.allow</c> and <c>devices.deny</c> take it: <c>c 1:3 rwm</c>. Both kinds are two rules.</summary>
    internal static IEnumerable<string> Format(DeviceFilterRule rule)
    {
        string numbers = $"{Number(rule.Major)}:{Number(rule.Minor)}";
        string access =
            (rule.Access.HasFlag(DeviceAccess.Read) ? "r" : "")
            + (rule.Access.HasFlag(DeviceAccess.Write) ? "w" : "")
            + (rule.Access.HasFlag(DeviceAccess.MakeNode) ? "m" : "");
        return rule.Kind switch
        {
            // The kernel takes 'a' for everything, whatever stands behind it.
            DeviceKind.Any when rule is { Major: null, Minor: null, Access: DeviceAccess.All } => ["a"],
            DeviceKind.Any => [$"c {numbers} {access}", $"b {numbers} {access}"],
            DeviceKind.Block => [$"b {numbers} {access}"],
            _ => [$"c {numbers} {access}"],
        };
    }

    private static string Number(uint? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";

    private static void ApplyLegacy(CgroupNode node, ImmutableArray<DeviceFilterRule> rules)
    {
        node.Write("devices.deny", "a").OrThrow("write 'a' to", $"{node.FullPath}/devices.deny");
        foreach (DeviceFilterRule rule in rules)
        {
            string file = rule.Allow ? "devices.allow" : "devices.deny";
            foreach (string line in Format(rule))
            {
                node.Write(file, line)
                    .OrThrow($"write '{line}' to", $"{node.FullPath}/{file}", nameof(ControlGroupLimits.Devices));
            }
        }
    }
}
