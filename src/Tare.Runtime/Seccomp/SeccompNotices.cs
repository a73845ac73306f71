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
        FilterAbi abi = processor == CpuArchitecture.X64 ? FilterAbi.X64 : FilterAbi.Arm64;
        CallDecisions decisions = CallDecisions.Of(profile, abi);
        foreach ((string name, Syscall call) in Calls)
        {
            Decision decision =
                CallNumbers.Of(abi, name) is { } number && decisions.Calls.TryGetValue(number, out Decision? known)
                    ? known
                    : decisions.Otherwise;
            if (IsLetThrough(decision))
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

    private static bool IsLetThrough(Decision decision) =>
        decision.Rules.IsEmpty
        && (SeccompAction)decision.Otherwise is SeccompAction.SECCOMP_RET_ALLOW or SeccompAction.SECCOMP_RET_LOG;
}
