using Tare.Oci;

namespace Tare.Runtime.Cgroups;

/// <summary>
/// Which devices a container may use: the rules of config.json and behind them the devices that every container has,
/// so that <c>deny everything</c>, with which config.json usually begins, leaves those.
/// </summary>
public static class DeviceRules
{
    private static readonly DeviceRuleSpec[] EveryContainer =
    [
        // Making device nodes is harmless where they cannot be opened.
        new()
        {
            Allow = true,
            Type = DeviceType.Character,
            Access = "m",
        },
        new()
        {
            Allow = true,
            Type = DeviceType.Block,
            Access = "m",
        },
        Character(1, 3),
        Character(1, 5),
        Character(1, 7),
        Character(1, 8),
        Character(1, 9),
        Character(5, 0),
        Character(5, 2),
        Character(136, null),
    ];

    /// <summary>The rules in force, in order; what none of them is about is denied.</summary>
    public static IReadOnlyList<DeviceRuleSpec> Of(ResourcesSpec? resources)
    {
        List<DeviceRuleSpec> rules = [];
        foreach (DeviceRuleSpec rule in resources?.Devices ?? [])
        {
            // A rule about everything makes those before it pointless.
            if (rule.Type == DeviceType.All && rule.Major is null && rule.Minor is null && rule.Access.Length == 3)
            {
                rules.Clear();
            }

            rules.Add(rule);
        }

        if (
            rules.Count > 0
            && rules[0] is { Allow: true, Type: DeviceType.All, Major: null, Minor: null, Access.Length: 3 }
        )
        {
            return rules;
        }

        rules.AddRange(EveryContainer);
        return rules;
    }

    /// <summary>A rule as <c>devices.allow</c> and <c>devices.deny</c> of cgroup v1 take it: <c>c 1:3 rwm</c>.</summary>
    public static string Format(DeviceRuleSpec rule)
    {
        char type = rule.Type switch
        {
            DeviceType.Block => 'b',
            DeviceType.All => 'a',
            _ => 'c',
        };
        string major = rule.Major?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*";
        string minor = rule.Minor?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*";
        return $"{type} {major}:{minor} {rule.Access}";
    }

    private static DeviceRuleSpec Character(uint major, uint? minor) =>
        new()
        {
            Allow = true,
            Type = DeviceType.Character,
            Major = major,
            Minor = minor,
        };
}
