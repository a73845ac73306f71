using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Writes the plan of a program that is added to a running container: its namespaces are joined through a pidfd of its
/// first process, and what the container's own processes could influence is opened by descriptors from its root.
/// </summary>
/// <remarks>
/// <para>The shape: the OOM score and cgroups of version 1, while the host's files are there; <c>setns</c> of all
/// namespaces at once, which makes the container's root the root and the working directory; the root of its user namespace,
/// if it has one; the terminal in its devpts, the program's working directory; limits and credentials; a sealed
/// image (<see cref="SealStep"/>), and only then the process that goes on in its PID namespace (<see cref="SpawnStep"/>),
/// where it is seen by processes that are not trusted. By then it has no privilege that the program will not have, and
/// neither memory nor descriptors nor the executable of the launcher, so that nothing is gained by tracing it
/// (CVE-2016-9962, CVE-2019-5736). There it makes a session, takes the terminal as its controlling one, and executes the
/// program.</para>
/// <para>The process is undumpable until then (<see cref="LaunchPlan.Undumpable"/>), for containers without a PID namespace. Of <see cref="LaunchContext"/> the root, the cgroup's view, and what concerns new
/// namespaces have no meaning here: <see cref="RootView.Joined"/> is the root to give. The inputs are those that the
/// context asks for and <see cref="PlannedInputs.ContainerProcess"/>; the only gate there can be is
/// <see cref="PlannedGates.BeforeProgram"/>, at which the process in the PID namespace has not been made yet.</para>
/// </remarks>
public static class ExecPlanner
{
    /// <summary>Plans the launch. Nothing is opened, made or looked at.</summary>
    /// <param name="process">The program.</param>
    /// <param name="target">The container.</param>
    /// <param name="context">The caller's decisions.</param>
    /// <exception cref="SpecException">The process asks for what the container or the context rules out.</exception>
    /// <exception cref="ArgumentException">The target has neither a mount namespace of its own nor a place of its root.</exception>
    public static PlannedLaunch Plan(ValidatedProcess process, ExecTarget target, LaunchContext context)
    {
        Check(process, target, context);

        // The score is written to a file that only root may write to once the process is undumpable.
        bool hidesItself = process.OomScoreAdj is not null && !context.Privileged;
        LaunchPlanBuilder plan = new() { Undumpable = !hidesItself, HidesItself = hidesItself };
        PlanState state = new(plan, process, context) { Seccomp = target.Seccomp };
        LimitSteps.WriteOomScore(state);
        LabelSteps.Prepare(state);
        SchedulingSteps.SetProcessors(state, process.InitialProcessors, "keep to the initial processors");
        CgroupSteps.Enter(state);
        ResctrlSteps.Enter(state);
        SchedulingSteps.SetProcessors(state, process.FinalProcessors, "keep to the final processors");
        if (hidesItself)
        {
            ProcessCalls.CloseToPtrace(plan);
        }

        LimitSteps.Raise(state);
        Join(state, target);
        if (process.Terminal)
        {
            ConsoleSteps.Open(state, bindsConsole: false);
        }
        else
        {
            ConsoleSteps.TakeStreams(state);
        }

        OpenWorkingDirectory(state);
        SchedulingSteps.SetDomain(state, target.Personality, target.MemoryPolicy);
        ProgramPart.Write(state, isFirst: false);
        if (target.Has(CloneFlags.CLONE_NEWPID))
        {
            plan.Group("namespaces");
            plan.Add(new SpawnStep("create the process in the container", CloneFlags.None));
        }

        ConsoleSteps.NewSession(state);
        if (process.Terminal)
        {
            ConsoleSteps.Control(state);
        }

        CredentialSteps.DieWithLauncher(state);
        ProgramSteps.Write(state);
        return new PlannedLaunch(plan.Build(), state.Inputs, state.Gates);
    }

    private static void Check(ValidatedProcess process, ExecTarget target, LaunchContext context)
    {
        if (!target.Has(CloneFlags.CLONE_NEWNS) && target.RootPlace is null)
        {
            throw new ArgumentException(
                "a container without a mount namespace has a place of its root",
                nameof(target)
            );
        }

        LaunchChecks.Groups(process, context);
    }

    /// <summary>
    /// Joins all namespaces but the time namespace, and becomes the root of the user namespace. The working directory becomes
    /// the root of the mount namespace thereby.
    /// </summary>
    internal static void JoinNamespaces(PlanState state, ExecTarget target)
    {
        if (target.Namespaces == CloneFlags.None)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group("namespaces");
        Slot container = plan.NewInput("the container's first process");
        state.Inputs = state.Inputs with { ContainerProcess = container };
        CloneFlags now = target.Namespaces & ~CloneFlags.CLONE_NEWTIME;
        if (now != CloneFlags.None)
        {
            plan.Call("join the container's namespaces", Syscall.setns, container, Argument.Flags(now));
        }

        if (target.Has(CloneFlags.CLONE_NEWUSER))
        {
            UserSteps.BecomeRoot(state);
        }
    }

    private static void Join(PlanState state, ExecTarget target)
    {
        JoinNamespaces(state, target);
        state.TimeNamespace = target.Has(CloneFlags.CLONE_NEWTIME) ? state.Inputs.ContainerProcess : null;
        OpenRoot(state, target);
    }

    /// <summary>Opens the root of the mount namespace that has just been joined, or enters the container's own in it.</summary>
    internal static void OpenRoot(PlanState state, ExecTarget target)
    {
        LaunchPlanBuilder plan = state.Plan;
        state.Root = plan.NewSlot("the container's root");
        plan.CallInto(
            state.Root,
            "open the container's root",
            Syscall.openat,
            Argument.WorkingDirectory,
            target.RootPlace ?? ".",
            Argument.Flags(
                OpenFlags.O_PATH
                    | OpenFlags.O_DIRECTORY
                    | OpenFlags.O_CLOEXEC
                    | (target.RootPlace is null ? 0 : OpenFlags.O_NOFOLLOW)
            )
        );
        if (target.RootPlace is not null)
        {
            RootSteps.Enter(state);
        }
    }

    // A missing one is not made: the container runs, and its files are its own.
    private static void OpenWorkingDirectory(PlanState state)
    {
        ContainerPath path = state.Process.Cwd;
        state.Plan.Group("program");
        if (path.IsRoot)
        {
            state.WorkingDirectory = state.Root;
            return;
        }

        state.WorkingDirectory = state.Plan.NewSlot(path.ToString());
        state.Open(
            state.WorkingDirectory,
            $"open the working directory '{path}'",
            state.Root,
            path.Relative,
            How.Directory
        );
    }
}
