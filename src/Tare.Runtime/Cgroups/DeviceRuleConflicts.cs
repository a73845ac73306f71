using Tare.Oci;

namespace Tare.Runtime.Cgroups;

/// <summary>
/// What the devices controller of cgroup v1 cannot express. It denies everything (or allows it, if the first rule does) but a
/// list of exceptions, and a rule takes back only an exception for exactly the same devices: one that is about a part of
/// them, or about more, is passed over in silence.
/// </summary>
public static class DeviceRuleConflicts
{
    /// <summary>The first rule that would have no effect on some device that it is about; null if there is none.</summary>
    /// <param name="rules">The rules in force, in order.</param>
    public static DeviceRuleSpec? Find(IReadOnlyList<DeviceRuleSpec> rules)
    {
        bool allowed = rules.Count > 0 && IsEverything(rules[0]) && rules[0].Allow;
        for (int i = 1; i < rules.Count; i++)
        {
            for (int j = 0; j < i && rules[i].Allow == allowed; j++)
            {
                if (rules[j].Allow != allowed && OverlapsInPart(rules[i], rules[j]))
                {
                    return rules[i];
                }
            }
        }

        return null;
    }

    private static bool IsEverything(DeviceRuleSpec rule) =>
        rule is { Type: DeviceType.All, Major: null, Minor: null, Access.Length: 3 };

    private static bool OverlapsInPart(DeviceRuleSpec one, DeviceRuleSpec other) =>
        (one.Type == other.Type || one.Type == DeviceType.All || other.Type == DeviceType.All)
        && Overlap(one.Major, other.Major)
        && Overlap(one.Minor, other.Minor)
        && one.Access.AsSpan().IndexOfAny(other.Access) >= 0
        && (one.Type, one.Major, one.Minor) != (other.Type, other.Major, other.Minor);

    private static bool Overlap(long? one, long? other) => one is null || other is null || one == other;
}
