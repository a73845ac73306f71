using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.CopyUp;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Writes the plan of <see cref="CopyUpProgram"/> as the root of a container's user namespace: a launch that has three
/// streams and the two directories, joins that namespace and no other, and dies with the launcher.
/// </summary>
internal static class CopyUpPlanner
{
    /// <summary>Plans it.</summary>
    /// <param name="arguments">The program's arguments, which name the directories by the numbers that they have now.</param>
    /// <param name="privileged">The launcher has all capabilities in the first user namespace.</param>
    public static PlannedCopyUpProgram Plan(string[] arguments, bool privileged)
    {
        ValidatedProcess process = new() { Args = [.. arguments], Cwd = ContainerPath.Root };
        LaunchContext context = new()
        {
            Root = RootView.Joined,
            StreamsGiven = true,
            DieWithLauncher = true,
        };
        LaunchPlanBuilder plan = new() { Undumpable = privileged };
        PlanState state = new(plan, process, context);
        Slot program = plan.NewInput("the launcher's program");
        Slot source = plan.NewInput("what is copied");
        Slot target = plan.NewInput("where it is copied to");
        ConsoleSteps.TakeStreams(state);
        ExecPlanner.JoinNamespaces(state, new ExecTarget(CloneFlags.CLONE_NEWUSER));
        ConsoleSteps.NewSession(state);
        CredentialSteps.DieWithLauncher(state);
        ProgramSteps.CloseOthers(state);
        foreach (Slot kept in (Slot[])[source, target])
        {
            plan.Call($"keep {kept.Name}", Syscall.fcntl, kept, Argument.Flags(FcntlCommand.F_SETFD), 0);
        }

        plan.Call(
            "execute the launcher's program",
            Syscall.execveat,
            program,
            "",
            Argument.Texts(process.Args),
            Argument.Texts([]),
            Argument.Flags(AtFlags.AT_EMPTY_PATH)
        );
        return new PlannedCopyUpProgram(plan.Build(), state.Inputs, program, source, target);
    }
}

/// <summary>The plan, and the slots to fill besides its inputs.</summary>
internal sealed record PlannedCopyUpProgram(
    LaunchPlan Plan,
    PlannedInputs Inputs,
    Slot Program,
    Slot Source,
    Slot Target
);
