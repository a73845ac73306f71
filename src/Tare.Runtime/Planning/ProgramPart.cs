using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// What every program gets, whether it is a container's first or is added to one: limits, credentials, the working
/// directory, and from somewhere among them on an image of its own.
/// </summary>
internal static class ProgramPart
{
    /// <summary>Writes what a new process inherits, and the seal.</summary>
    /// <param name="state">The plan.</param>
    /// <param name="isFirst">
    /// The process itself will execute the program, and may be bound to the launcher's life; else one that it makes.
    /// </param>
    public static void Write(PlanState state, bool isFirst)
    {
        LimitSteps.Write(state);
        SchedulingSteps.Write(state);
        SignalSteps.Write(state);
        if (!state.Process.Terminal)
        {
            CredentialSteps.GiveStreams(state);
        }

        if (state.TimeNamespace is not null || SeccompSteps.NeedPrivileges(state))
        {
            SealFirst(state);
            DieWithLauncher(state, isFirst);
            return;
        }

        CredentialSteps.Write(state);
        DieWithLauncher(state, isFirst);
        ProgramSteps.Find(state);
        LimitSteps.WriteLate(state);
        LandlockSteps.Write(state);
        ProgramSteps.Seal(state);
        LabelSteps.Write(state);
    }

    private static void DieWithLauncher(PlanState state, bool isFirst)
    {
        if (isFirst)
        {
            CredentialSteps.DieWithLauncher(state);
        }
    }

    // What needs privileges in the sealed image. setns(2) wants a process that shares its memory with nobody, as it does not
    // from the seal on. A filter of system calls that is loaded before the seal would have to let through what lies between.
    // What the sealed image cannot do is done before, with the rights of root.
    private static void SealFirst(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        CredentialSteps.WritePlace(state, early: null);
        ProgramSteps.Find(state);
        LimitSteps.WriteLate(state);
        ProgramSteps.Seal(state);
        if (state.TimeNamespace is { } time)
        {
            plan.Group(NamespaceSteps.Group);
            ProcessCalls.CloseToPtrace(plan);
            plan.Call("join the time namespace", Syscall.setns, time, Argument.Flags(CloneFlags.CLONE_NEWTIME));
        }

        // Both before the filter, and the directory of attributes is let go behind them.
        CredentialSteps.JoinKeyring(state);
        LabelSteps.Write(state);
        CredentialSteps.WriteRights(state, entersEarly: false);
    }
}
