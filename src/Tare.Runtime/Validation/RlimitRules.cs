using System.Collections.Immutable;
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

    private static int NumberOf(string type) =>
        type switch
        {
            "RLIMIT_CPU" => (int)ResourceLimit.RLIMIT_CPU,
            "RLIMIT_FSIZE" => (int)ResourceLimit.RLIMIT_FSIZE,
            "RLIMIT_DATA" => (int)ResourceLimit.RLIMIT_DATA,
            "RLIMIT_STACK" => (int)ResourceLimit.RLIMIT_STACK,
            "RLIMIT_CORE" => (int)ResourceLimit.RLIMIT_CORE,
            "RLIMIT_RSS" => (int)ResourceLimit.RLIMIT_RSS,
            "RLIMIT_NPROC" => (int)ResourceLimit.RLIMIT_NPROC,
            "RLIMIT_NOFILE" => (int)ResourceLimit.RLIMIT_NOFILE,
            "RLIMIT_MEMLOCK" => (int)ResourceLimit.RLIMIT_MEMLOCK,
            "RLIMIT_AS" => (int)ResourceLimit.RLIMIT_AS,
            "RLIMIT_LOCKS" => (int)ResourceLimit.RLIMIT_LOCKS,
            "RLIMIT_SIGPENDING" => (int)ResourceLimit.RLIMIT_SIGPENDING,
            "RLIMIT_MSGQUEUE" => (int)ResourceLimit.RLIMIT_MSGQUEUE,
            "RLIMIT_NICE" => (int)ResourceLimit.RLIMIT_NICE,
            "RLIMIT_RTPRIO" => (int)ResourceLimit.RLIMIT_RTPRIO,
            "RLIMIT_RTTIME" => (int)ResourceLimit.RLIMIT_RTTIME,
            _ => -1,
        };
}
