using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>landlock_add_rule(2), LANDLOCK_RULE_PATH_BENEATH.</summary>
    internal static unsafe nint landlock_add_rule(int ruleset, LandlockPathBeneath rule, LandlockRuleFlags flags)
    {
        const int PathBeneath = 1;

        // SAFETY: the struct lies on the stack during the call and is the one that the type of rule takes.
        return Call(Syscall.landlock_add_rule, ruleset, PathBeneath, (nint)(&rule), (nint)flags);
    }

    /// <summary>landlock_add_rule(2), LANDLOCK_RULE_NET_PORT.</summary>
    internal static unsafe nint landlock_add_rule(int ruleset, LandlockNetPort rule, LandlockRuleFlags flags)
    {
        const int NetPort = 2;

        // SAFETY: the struct lies on the stack during the call and is the one that the type of rule takes.
        return Call(Syscall.landlock_add_rule, ruleset, NetPort, (nint)(&rule), (nint)flags);
    }
}
