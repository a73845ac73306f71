using System.Collections.Immutable;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.memoryPolicy</c>. config-linux.md, set_mempolicy(2).</summary>
public static class MemoryPolicyRules
{
    private const string Property = "linux.memoryPolicy";

    /// <summary>The modes by name, the index being the kernel's number. linux/mempolicy.h.</summary>
    public static ImmutableArray<string> Modes { get; } =
    [
        "MPOL_DEFAULT",
        "MPOL_PREFERRED",
        "MPOL_BIND",
        "MPOL_INTERLEAVE",
        "MPOL_LOCAL",
        "MPOL_PREFERRED_MANY",
        "MPOL_WEIGHTED_INTERLEAVE",
    ];

    /// <summary>The flags by name, from the highest bit, 15, down.</summary>
    public static ImmutableArray<string> Flags { get; } =
    ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES", "MPOL_F_NUMA_BALANCING"];

    internal static ValidatedMemoryPolicy? Check(MemoryPolicySpec? policy)
    {
        if (policy is null)
        {
            return null;
        }

        int mode = Modes.IndexOf(policy.Mode);
        if (mode < 0)
        {
            throw new SpecException($"{Property}.mode", $"'{policy.Mode}' is no memory policy (see set_mempolicy(2))");
        }

        int flags = 0;
        for (int i = 0; i < policy.Flags.Count; i++)
        {
            int flag = Flags.IndexOf(policy.Flags[i]);
            flags |=
                flag >= 0
                    ? 1 << (15 - flag)
                    : throw new SpecException(
                        $"{Property}.flags[{i}]",
                        $"'{policy.Flags[i]}' is no flag (see set_mempolicy(2))"
                    );
        }

        ImmutableArray<byte> nodes = NumberLists.Mask($"{Property}.nodes", policy.Nodes, "memory nodes") ?? [];
        bool takesNone = policy.Mode is "MPOL_DEFAULT" or "MPOL_LOCAL";
        if (takesNone && !nodes.IsEmpty)
        {
            throw new SpecException($"{Property}.nodes", $"{policy.Mode} takes none (leave it out)");
        }

        if (!takesNone && nodes.IsEmpty && policy.Mode != "MPOL_PREFERRED")
        {
            throw new SpecException($"{Property}.nodes", $"{policy.Mode} needs some (name them like 0-1)");
        }

        return new ValidatedMemoryPolicy(policy.Mode, mode | flags, nodes);
    }
}
