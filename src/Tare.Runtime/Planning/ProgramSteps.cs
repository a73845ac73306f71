using System.Collections.Immutable;
using Tare.Launch;
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

    private const string DefaultPath = "/bin:/usr/bin";

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
        TryAll(
            state,
            program => new CallStep($"execute '{program}'", Syscall.execve, [program, argv, envp]),
            done: null
        );
    }

    // An attempt that succeeds leads to the label; without one it does not come back.
    private static void TryAll(PlanState state, Func<string, CallStep> attempt, Label? done)
    {
        string program = state.Process.Program ?? state.Process.Args[0];
        if (program.Contains('/', StringComparison.Ordinal))
        {
            TryOne(state.Plan, program, attempt, done);
        }
        else
        {
            ImmutableArray<string> env = ProgramEnvironment.Of(state.Process, state.Context.DefaultEnvironment);
            Search(state.Plan, program, ProgramEnvironment.Find(env, "PATH") ?? DefaultPath, attempt, done);
        }
    }

    private static void Add(LaunchPlanBuilder plan, CallStep attempt, Label? done, ImmutableArray<Branch> branches)
    {
        plan.Add(attempt with { Branches = done is null ? branches : branches.Add(new Branch(Errno.ELOOP, done)) });
        if (done is not null)
        {
            plan.Add(new JumpStep($"{attempt.Words}: it is there", done));
        }
    }

    private static void TryOne(LaunchPlanBuilder plan, string program, Func<string, CallStep> attempt, Label? done)
    {
        Label missing = plan.NewLabel("the program is missing");
        Label nowhere = plan.NewLabel("the program's directory is none");
        Label denied = plan.NewLabel("the program is not for this user");
        Label invalid = plan.NewLabel("the program has no known format");
        Add(
            plan,
            attempt(program),
            done,
            [
                new Branch(Errno.ENOENT, missing),
                new Branch(Errno.ENOTDIR, nowhere),
                new Branch(Errno.EACCES, denied),
                new Branch(Errno.ENOEXEC, invalid),
            ]
        );
        plan.Place(missing);
        plan.Add(new FailStep($"exec: \"{program}\": no such file or directory", Errno.ENOENT));
        plan.Place(nowhere);
        plan.Add(new FailStep($"exec: \"{program}\": not a directory", Errno.ENOTDIR));
        plan.Place(denied);
        plan.Add(new FailStep($"exec: \"{program}\": permission denied", Errno.EACCES));
        plan.Place(invalid);
        plan.Add(new FailStep($"exec: \"{program}\": exec format error", Errno.ENOEXEC));
    }

    // Two rows of the same tries: from the first "permission denied" on the second is taken, so that the end of each row
    // knows what to say.
    private static void Search(
        LaunchPlanBuilder plan,
        string program,
        string path,
        Func<string, CallStep> attempt,
        Label? done
    )
    {
        string[] directories = path.Split(':');
        Label[] afterDenied = new Label[directories.Length];
        for (int i = 0; i < afterDenied.Length; i++)
        {
            afterDenied[i] = plan.NewLabel($"'{program}' has been denied");
        }

        Label missing = plan.NewLabel("the program is missing");
        Label denied = plan.NewLabel("the program is not for this user");
        Label invalid = plan.NewLabel("the program has no known format");
        for (int row = 0; row < 2; row++)
        {
            Label last = row == 0 ? missing : denied;
            for (int i = 0; i < directories.Length; i++)
            {
                string directory = directories[i].Length == 0 ? "." : directories[i].TrimEnd('/');
                string candidate = $"{directory}/{program}";
                Label next = plan.NewLabel("the next directory of PATH");
                Label onDenied = i + 1 < directories.Length ? afterDenied[i + 1] : denied;
                bool end = i + 1 == directories.Length;
                if (row == 1)
                {
                    if (i == 0)
                    {
                        continue;
                    }

                    plan.Place(afterDenied[i]);
                }

                Add(
                    plan,
                    attempt(candidate),
                    done,
                    [
                        new Branch(Errno.ENOENT, end ? last : next),
                        new Branch(Errno.ENOTDIR, end ? last : next),
                        new Branch(Errno.EACCES, onDenied),
                        new Branch(Errno.ENOEXEC, invalid),
                    ]
                );
                if (!end)
                {
                    plan.Place(next);
                }
            }

            plan.Place(last);
            plan.Add(
                row == 0
                    ? new FailStep($"exec: \"{program}\": executable file not found in $PATH", Errno.ENOENT)
                    : new FailStep($"exec: \"{program}\": permission denied", Errno.EACCES)
            );
        }

        plan.Place(invalid);
        plan.Add(new FailStep($"exec: \"{program}\": exec format error", Errno.ENOEXEC));
    }
}
