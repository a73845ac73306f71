using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps about the keys that a process has. keyrings(7).</summary>
public static class KeyringCalls
{
    /// <summary>
    /// Gives the process a session keyring, so that the launcher's keys are not its. keyctl(2), KEYCTL_JOIN_SESSION_KEYRING.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">Its name, by which one that is there already is joined; null makes a new one without.</param>
    /// <param name="tolerated">What may go wrong.</param>
    public static void JoinSession(
        LaunchPlanBuilder plan,
        string? name = null,
        params ImmutableArray<Errno> tolerated
    ) =>
        plan.Add(
            new CallStep(
                "make a session keyring",
                Syscall.keyctl,
                [(int)KeyctlOperation.KEYCTL_JOIN_SESSION_KEYRING, name is null ? Argument.Null : name]
            )
            {
                Tolerated = tolerated,
            }
        );
}
