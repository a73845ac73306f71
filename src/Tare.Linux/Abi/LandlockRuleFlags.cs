namespace Tare.Linux.Abi;

/// <summary>How a rule is added. landlock_add_rule(2), linux/landlock.h; ABI 10, Linux 7.2.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum LandlockRuleFlags : uint
{
    None = 0,
    LANDLOCK_ADD_RULE_QUIET = 0x1,
}
