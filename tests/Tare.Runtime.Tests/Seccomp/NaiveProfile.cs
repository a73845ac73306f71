using Tare.Oci;

namespace Tare.Runtime.Tests.Seccomp;

/// <summary>What a profile says about a call, read off rule by rule.</summary>
internal static class NaiveProfile
{
    /// <summary>The answer of the kernel's words.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="name">The call's name; null where the number has none.</param>
    /// <param name="isNewer">The number is greater than that of any call that the profile names.</param>
    /// <param name="arguments">Its arguments.</param>
    public static uint Answer(SeccompSpec profile, string? name, bool isNewer, ulong[] arguments)
    {
        uint otherwise = Word(profile.DefaultAction, profile.DefaultErrnoRet);
        bool tellsNewer =
            profile.DefaultAction is not (SeccompActionType.Allow or SeccompActionType.Log or SeccompActionType.Trace);
        if (isNewer && tellsNewer)
        {
            return 0x0005_0000 + 38;
        }

        List<SeccompRuleSpec> rules =
        [
            .. profile.Syscalls.Where(rule =>
                name is not null && rule.Names.Contains(name) && Word(rule.Action, rule.ErrnoRet) != otherwise
            ),
        ];
        SeccompRuleSpec? decides =
            rules.Find(rule => rule.Args.Count == 0) ?? rules.Find(rule => Holds(rule.Args, arguments));
        return decides is null ? otherwise : Word(decides.Action, decides.ErrnoRet);
    }

    private static bool Holds(IReadOnlyList<SeccompArgSpec> args, ulong[] arguments)
    {
        bool isRepeated = args.GroupBy(arg => arg.Index).Any(group => group.Count() > 1);
        return isRepeated ? args.Any(arg => Holds(arg, arguments)) : args.All(arg => Holds(arg, arguments));
    }

    private static bool Holds(SeccompArgSpec arg, ulong[] arguments)
    {
        ulong argument = arguments[arg.Index];
        return arg.Operator switch
        {
            SeccompOperator.NotEqual => argument != arg.Value,
            SeccompOperator.LessThan => argument < arg.Value,
            SeccompOperator.LessOrEqual => argument <= arg.Value,
            SeccompOperator.Equal => argument == arg.Value,
            SeccompOperator.GreaterOrEqual => argument >= arg.Value,
            SeccompOperator.GreaterThan => argument > arg.Value,
            _ => ((argument ^ arg.ValueTwo) & arg.Value) == 0,
        };
    }

    private static uint Word(SeccompActionType action, uint? value) =>
        action switch
        {
            SeccompActionType.KillProcess => 0x8000_0000,
            SeccompActionType.Trap => 0x0003_0000,
            SeccompActionType.Errno => 0x0005_0000 + (value ?? 1),
            SeccompActionType.Trace => 0x7ff0_0000 + (value ?? 1),
            SeccompActionType.Log => 0x7ffc_0000,
            SeccompActionType.Allow => 0x7fff_0000,
            _ => 0,
        };
}
