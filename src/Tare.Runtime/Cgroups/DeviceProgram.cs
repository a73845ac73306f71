using Tare.Linux;
using Tare.Oci;

namespace Tare.Runtime.Cgroups;

/// <summary>Makes the BPF program that decides about devices on cgroup v2 from the rules of config.json.</summary>
public static class DeviceProgram
{
    /// <summary>The program, 8 bytes for each instruction, in this machine's byte order.</summary>
    public static byte[] Of(IReadOnlyList<DeviceRuleSpec> rules)
    {
        DeviceFilterRule[] filter = new DeviceFilterRule[rules.Count];
        for (int i = 0; i < filter.Length; i++)
        {
            DeviceRuleSpec rule = rules[i];
            DeviceKind kind = rule.Type switch
            {
                DeviceType.All => DeviceKind.Any,
                DeviceType.Block => DeviceKind.Block,
                _ => DeviceKind.Character,
            };
            filter[i] = new(rule.Allow, kind, rule.Major, rule.Minor, AccessOf(rule.Access));
        }

        return DeviceFilterProgram.Of(filter);
    }

    private static DeviceAccess AccessOf(string letters)
    {
        DeviceAccess access = DeviceAccess.None;
        foreach (char letter in letters)
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.MakeNode,
                _ => DeviceAccess.None,
            };
        }

        return access;
    }
}
