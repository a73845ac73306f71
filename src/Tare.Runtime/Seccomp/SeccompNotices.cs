using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Seccomp;

/// <summary>
/// What follows for a launch from a profile that has another program decide about calls (SCMP_ACT_NOTIFY): that program must
/// have the filter's listener before it is asked, and the filter is in force when the listener is sent. So one of the two
/// calls that can send it must be let through. Any other call of the launch may wait for an answer.
/// </summary>
internal static class SeccompNotices
{
    private static readonly (string Name, Syscall Call)[] Calls =
    [
        ("sendmsg", Syscall.sendmsg),
        ("sendmmsg", Syscall.sendmmsg),
    ];

    /// <summary>The profile asks another program.</summary>
    public static bool AreWanted(SeccompSpec profile) =>
        profile.DefaultAction == SeccompActionType.Notify
        || profile.Syscalls.Any(rule => rule.Action == SeccompActionType.Notify);

    /// <summary>The call by which the listener can be sent.</summary>
    /// <exception cref="SpecException">The profile lets none through.</exception>
    public static Syscall CallFor(SeccompSpec profile, CpuArchitecture processor)
    {
        FilterRules rules = SeccompCompiler.RulesOf(profile);
        foreach ((string name, Syscall call) in Calls)
        {
            if (FilterCompiler.AnswerTo(rules, processor, name) is { } answer && FilterVerdicts.LetsThrough(answer))
            {
                return call;
            }
        }

        throw new SpecException(
            "linux.seccomp.syscalls",
            "SCMP_ACT_NOTIFY needs sendmsg or sendmmsg, by which the filter's listener leaves the container (allow one of them "
                + "whatever its arguments)"
        );
    }
}
