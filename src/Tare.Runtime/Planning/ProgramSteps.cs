using System.Collections.Immutable;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// The last steps: no descriptor is left over, whoever has a word to say has said it, and the program is executed, searched
/// for in PATH as execvp(3) does. The texts of failures are a contract that callers of OCI runtimes match.
/// </summary>
internal static class ProgramSteps
{
    /// <summary>The heading of the steps that execute the program.</summary>
    public const string Group = "program";

    /// <summary>How the steps begin that look for the program.</summary>
    public const string LookWords = "look for ";

    /// <summary>
    /// Lets go of everything that is the launcher's: descriptors, memory, executable. Its word is waited for before.
    /// </summary>
    public static void Seal(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        CloseOthers(state);
        if (state.Context.GateBeforeProgram)
        {
            int gate = plan.Gate("wait until the container is on record");
            state.Gates = state.Gates with { BeforeProgram = gate };
        }

        plan.Seal("go on without memory, descriptors and executable of the launcher");
    }

    /// <summary>Lets the program have the standard streams, those that are to be kept, and nothing else.</summary>
    public static void CloseOthers(PlanState state)
    {
        state.Plan.Group(Group);
        state.Plan.Call(
            "close all other descriptors when the program starts",
            Syscall.close_range,
            3 + state.Context.PreservedDescriptors,
            Argument.Number(uint.MaxValue, ArgumentFormat.Hex),
            Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
        );
    }

    /// <summary>Waits for start, where that is asked for, and executes the program.</summary>
    public static void Write(PlanState state)
    {
        state.Plan.Group(Group);
        ReportFailures(state);
        if (SeccompSteps.LoadsBeforeStart(state))
        {
            SeccompSteps.LoadLast(state);
            state.Plan.Group(Group);
            Wait(state);
        }
        else
        {
            Wait(state);
            SeccompSteps.LoadLast(state);
        }

        state.Plan.Group(Group);
        Execute(state);
    }

    private static void ReportFailures(PlanState state)
    {
        if (state.Context.ReportsFailure)
        {
            Slot report = state.Plan.NewInput("the failure report");
            state.Plan.FailureReport = report;
            state.Inputs = state.Inputs with { FailureReport = report };
        }
    }

    private static void Wait(PlanState state)
    {
        LaunchPlanBuilder plan = state.Plan;
        if (state.Context.WaitsForStart)
        {
            const string Words = "wait for start";
            Slot fifo = plan.NewInput("the start FIFO");
            Slot length = plan.NewSlot("bytes from the start FIFO");
            Scratch word = plan.NewScratch("the word to start", 8);
            state.Inputs = state.Inputs with { StartFifo = fifo };
            plan.CallInto(length, Words, Syscall.read, fifo, word, 1);
            plan.Add(new StoreStep(Words, length, word, 0, 8));
            plan.Add(new CheckStep(Words, word, 0, 8, ulong.MaxValue, 1) { Failure = Errno.EPIPE });
        }
    }

    /// <summary>
    /// Makes sure that the program is there, where it is executed only at <c>start</c>: callers expect of <c>create</c> to
    /// fail where there is none. What lies behind a magic link is not looked at: descriptors of the launcher's are still
    /// open, and nobody is to learn what they lead to.
    /// </summary>
    public static void Find(PlanState state)
    {
        if (!state.Context.WaitsForStart || state.Process.IsMissing)
        {
            return;
        }

        state.Plan.Group(Group);
        Label found = state.Plan.NewLabel("the program is there");
        TryAll(
            state,
            program => new CallStep(
                $"{LookWords}'{program}'",
                Syscall.openat2,
                [Argument.WorkingDirectory, program, How.Look, How.Size]
            ),
            found
        );
        state.Plan.Place(found);
    }

    private static void Execute(PlanState state)
    {
        Argument argv = Argument.Texts(state.Process.Args);
        Argument envp = Argument.Texts(ProgramEnvironment.Of(state.Process, state.Context.DefaultEnvironment));
        TryAll(state, program => ProgramCalls.Execution(program, argv, envp), done: null);
    }

    // An attempt that succeeds leads to the label; without one it does not come back.
    private static void TryAll(PlanState state, Func<string, CallStep> attempt, Label? done)
    {
        ImmutableArray<string> env = ProgramEnvironment.Of(state.Process, state.Context.DefaultEnvironment);
        ProgramCalls.TryAll(
            state.Plan,
            state.Process.Program ?? state.Process.Args[0],
            ProgramEnvironment.Find(env, "PATH"),
            attempt,
            done
        );
    }
}
