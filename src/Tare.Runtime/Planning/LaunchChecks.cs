using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>What a program may not ask for in the context that it is launched in.</summary>
internal static class LaunchChecks
{
    /// <summary>Supplementary groups can be set only where the user namespace allows it.</summary>
    /// <exception cref="SpecException">It does not.</exception>
    public static void Groups(ValidatedProcess process, LaunchContext context)
    {
        if (context.SetgroupsDenied && !process.AdditionalGids.IsEmpty)
        {
            throw new SpecException(
                "process.user.additionalGids",
                "setgroups is denied where an ordinary user writes the group map (leave the groups out)"
            );
        }
    }
}
