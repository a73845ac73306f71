using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>process.rlimits</c>: known names, each once, soft not above hard. config.md, getrlimit(2).</summary>
internal static class RlimitRules
{
    // In the order of the kernel's numbers.
    private static readonly string[] Names =
    [
        "RLIMIT_CPU",
        "RLIMIT_FSIZE",
        "RLIMIT_DATA",
        "RLIMIT_STACK",
        "RLIMIT_CORE",
        "RLIMIT_RSS",
        "RLIMIT_NPROC",
        "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK",
        "RLIMIT_AS",
        "RLIMIT_LOCKS",
        "RLIMIT_SIGPENDING",
        "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE",
        "RLIMIT_RTPRIO",
        "RLIMIT_RTTIME",
    ];

    public static ImmutableArray<ValidatedRlimit> Check(string property, IReadOnlyList<RlimitSpec> limits)
    {
        if (limits.Count == 0)
        {
            return [];
        }

        ImmutableArray<ValidatedRlimit>.Builder result = ImmutableArray.CreateBuilder<ValidatedRlimit>(limits.Count);
        uint seen = 0;
        for (int i = 0; i < limits.Count; i++)
        {
            RlimitSpec limit = limits[i];
            int resource = NumberOf(limit.Type);
            if (resource < 0)
            {
                throw new SpecException(
                    $"{property}[{i}].type",
                    $"'{limit.Type}' is no resource limit (see getrlimit(2))"
                );
            }

            if ((seen & (1u << resource)) != 0)
            {
                throw new SpecException($"{property}[{i}].type", $"'{limit.Type}' is there twice (remove one)");
            }

            if (limit.Soft > limit.Hard)
            {
                throw new SpecException($"{property}[{i}]", $"soft {limit.Soft} is above hard {limit.Hard} (lower it)");
            }

            seen |= 1u << resource;
            result.Add(new ValidatedRlimit((ResourceLimit)resource, limit.Soft, limit.Hard));
        }

        return result.MoveToImmutable();
    }

    /// <summary>The kernel's name; not by reflection, which costs more than all other words of a plan together.</summary>
    public static string NameOf(ResourceLimit resource) => Names[(int)resource];

    private static int NumberOf(string type) => Array.IndexOf(Names, type);
}
