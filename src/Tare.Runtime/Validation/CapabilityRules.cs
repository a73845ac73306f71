using System.Collections.Immutable;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>process.capabilities</c>. Unknown names are told and left out. config.md, capabilities(7).</summary>
internal static class CapabilityRules
{
    public static CapabilitySets Check(
        string property,
        CapabilitiesSpec? capabilities,
        ImmutableArray<string>.Builder warnings
    )
    {
        if (capabilities is null)
        {
            return default;
        }

        ulong bounding = SetOf($"{property}.bounding", capabilities.Bounding, warnings);
        ulong permitted = SetOf($"{property}.permitted", capabilities.Permitted, warnings);
        ulong effective = SetOf($"{property}.effective", capabilities.Effective, warnings);
        ulong inheritable = SetOf($"{property}.inheritable", capabilities.Inheritable, warnings);
        ulong ambient = SetOf($"{property}.ambient", capabilities.Ambient, warnings);
        if ((effective & ~permitted) != 0)
        {
            throw new SpecException(
                $"{property}.effective",
                $"{FirstName(effective & ~permitted)} is not in permitted (add it there)"
            );
        }

        // The kernel lets nothing be inherited that the bounding set rules out.
        if ((inheritable & ~bounding) != 0)
        {
            throw new SpecException(
                $"{property}.inheritable",
                $"{FirstName(inheritable & ~bounding)} is not in bounding (add it there)"
            );
        }

        // The kernel refuses to raise what is not both permitted and inheritable; what `spec` of runc writes asks for it.
        ulong raisable = ambient & permitted & inheritable;
        if (raisable != ambient)
        {
            warnings.Add(
                $"{property}.ambient: {FirstName(ambient & ~raisable)} is not both permitted and inheritable and is left out"
            );
        }

        return new CapabilitySets(bounding, effective, permitted, inheritable, raisable);
    }

    private static ulong SetOf(string property, IReadOnlyList<string> names, ImmutableArray<string>.Builder warnings)
    {
        ulong set = 0;
        foreach (string name in names)
        {
            int number = CapabilityNames.All.IndexOf(name);
            if (number < 0)
            {
                warnings.Add($"{property}: '{name}' is no capability and is left out");
            }
            else
            {
                set |= 1UL << number;
            }
        }

        return set;
    }

    private static string FirstName(ulong set) =>
        CapabilityNames.All[System.Numerics.BitOperations.TrailingZeroCount(set)];
}
