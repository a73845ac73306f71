using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>process.rlimits</c>: known names, each once, soft not above hard. config.md, getrlimit(2).</summary>
internal static class RlimitRules
{
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
            if (!ResourceLimits.TryParse(limit.Type, out ResourceLimit resource))
            {
                throw new SpecException(
                    $"{property}[{i}].type",
                    $"'{limit.Type}' is no resource limit (see getrlimit(2))"
                );
            }

            if ((seen & (1u << (int)resource)) != 0)
            {
                throw new SpecException($"{property}[{i}].type", $"'{limit.Type}' is there twice (remove one)");
            }

            if (limit.Soft > limit.Hard)
            {
                throw new SpecException($"{property}[{i}]", $"soft {limit.Soft} is above hard {limit.Hard} (lower it)");
            }

            seen |= 1u << (int)resource;
            result.Add(new ValidatedRlimit(resource, limit.Soft, limit.Hard));
        }

        return result.MoveToImmutable();
    }
}
