using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.personality</c>: two domains, no flags. config-linux.md, personality(2).</summary>
internal static class PersonalityRules
{
    private const uint Linux = 0;
    private const uint Linux32 = 8;

    public static uint? Check(PersonalitySpec? personality)
    {
        if (personality is null)
        {
            return null;
        }

        if (personality.Flags.Count != 0)
        {
            throw new SpecException("linux.personality.flags", "no flag is defined (leave it out)");
        }

        return personality.Domain switch
        {
            "LINUX" => Linux,
            "LINUX32" => Linux32,
            _ => throw new SpecException(
                "linux.personality.domain",
                $"'{personality.Domain}' is no domain (use LINUX or LINUX32)"
            ),
        };
    }
}
