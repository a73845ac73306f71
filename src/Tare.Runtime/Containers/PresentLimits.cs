using System.Collections.Immutable;
using Tare.Linux;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>The resource limits of this process, which a launched one begins with.</summary>
internal static class PresentLimits
{
    /// <summary>Those of the resources that a program is given limits of.</summary>
    public static ImmutableArray<ValidatedRlimit> Of(ValidatedProcess process)
    {
        ImmutableArray<ValidatedRlimit>.Builder limits = ImmutableArray.CreateBuilder<ValidatedRlimit>();
        foreach (ValidatedRlimit limit in process.Rlimits)
        {
            if (ResourceLimits.Get(limit.Resource) is { Ok: true, Value: var present })
            {
                limits.Add(new ValidatedRlimit(limit.Resource, present.Current, present.Maximum));
            }
        }

        return limits.ToImmutable();
    }
}
