using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Writes the plans of hooks whose program is one of the runtime's own files: ordinary launches that get three streams and
/// nothing else, in a session of their own, and die with the launcher. Hooks whose program is the container's are planned by
/// <see cref="ExecPlanner"/>.
/// </summary>
public static class HookPlanner
{
    /// <summary>Plans a hook in the runtime's namespaces.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="directory">Its working directory.</param>
    public static PlannedLaunch InRuntime(ValidatedHook hook, string directory)
    {
        PlanState state = Begin(hook, privileged: false);
        state.Plan.Call($"enter '{directory}'", Syscall.chdir, directory);
        return End(state);
    }

    /// <summary>
    /// Plans a hook in the namespaces of a container that has not got its root yet: the files are the runtime's still. Its
    /// working directory is <c>/</c>, and where the container has a user namespace it is run by that one's root.
    /// </summary>
    /// <param name="hook">The hook.</param>
    /// <param name="target">The namespaces of the container's process.</param>
    /// <param name="privileged">The launcher has all capabilities in the first user namespace.</param>
    public static PlannedLaunch InContainer(ValidatedHook hook, ExecTarget target, bool privileged)
    {
        PlanState state = Begin(hook, privileged);
        ExecPlanner.JoinNamespaces(state, target);
        if (!target.Has(CloneFlags.CLONE_NEWNS))
        {
            state.Plan.Call("enter '/'", Syscall.chdir, "/");
        }

        if (target.Has(CloneFlags.CLONE_NEWPID))
        {
            state.Plan.Add(new SpawnStep("create the process in the container", CloneFlags.None));
        }

        return End(state);
    }

    // An ordinary user could not join the namespaces of a process whose memory is closed, and it is the launcher's own.
    private static PlanState Begin(ValidatedHook hook, bool privileged)
    {
        ValidatedProcess process = new()
        {
            Program = hook.Path,
            Args = hook.Args,
            Env = hook.Env,
            Cwd = ContainerPath.Root,
        };
        LaunchContext context = new()
        {
            Root = RootView.Joined,
            StreamsGiven = true,
            DieWithLauncher = true,
        };
        PlanState state = new(new LaunchPlanBuilder { Undumpable = privileged }, process, context);
        ConsoleSteps.TakeStreams(state);
        state.Plan.Group("hook");
        return state;
    }

    private static PlannedLaunch End(PlanState state)
    {
        ConsoleSteps.NewSession(state);
        CredentialSteps.DieWithLauncher(state);
        ProgramSteps.CloseOthers(state);
        ProgramSteps.Write(state);
        return new PlannedLaunch(state.Plan.Build(), state.Inputs, state.Gates);
    }
}
