using System.Collections.Immutable;
using System.Globalization;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Writes the plan of CRIU as a service of this process alone (<c>criu swrk N</c>): an ordinary launch that keeps a few
/// descriptors under the numbers that they have here. docs/adr/0011-checkpoints.md.
/// </summary>
/// <remarks>
/// For a restore it is run where the container will be, because what it makes begins as its copy: in the container's
/// cgroups, with a session keyring of its own, and in a mount namespace in which the root file system is a mount, so that
/// nothing has to be unmounted afterwards.
/// </remarks>
internal static class CriuPlanner
{
    private const string Group = "criu";
    private const uint ClosedUmask = 0x3f; // 077
    private const uint ReadableUmask = 0x12; // 022
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Plans a service that saves.</summary>
    /// <param name="environment">CRIU's environment.</param>
    /// <param name="kept">The numbers of the descriptors that it keeps; the first is its socket.</param>
    /// <param name="readable">Who gets into the images' directory can read what is in it.</param>
    /// <param name="pageAddress">The address that it serves pages at itself; null where it does not, or at all of them.</param>
    public static PlannedLaunch ForDump(
        ImmutableArray<string> environment,
        IReadOnlyList<int> kept,
        bool readable,
        string? pageAddress = null
    )
    {
        LaunchContext context = new() { Root = RootView.Joined, StreamsGiven = true };
        PlanState state = Begin(environment, kept, context, pageAddress is null ? [] : ["--address", pageAddress]);
        ConsoleSteps.TakeStreams(state);

        state.Plan.Group(Group);
        state.Plan.Call(
            "set the umask",
            Syscall.umask,
            Argument.Number(readable ? ReadableUmask : ClosedUmask, ArgumentFormat.Octal)
        );
        return End(state, kept);
    }

    /// <summary>Plans a service that restores.</summary>
    /// <param name="environment">CRIU's environment.</param>
    /// <param name="kept">The numbers of the descriptors that it keeps; the first is its socket.</param>
    /// <param name="cgroup">How it comes into the container's cgroups.</param>
    /// <param name="root">The root file system's absolute path.</param>
    /// <param name="resctrl">The groups of resctrl that it enters.</param>
    /// <param name="keyring">The name of its session keyring.</param>
    public static PlannedLaunch ForRestore(
        ImmutableArray<string> environment,
        IReadOnlyList<int> kept,
        CgroupEntry cgroup,
        string root,
        ImmutableArray<string> resctrl,
        string keyring
    )
    {
        LaunchContext context = new()
        {
            Root = RootView.Joined,
            Cgroup = cgroup,
            ResctrlGroups = resctrl,
        };
        PlanState state = Begin(environment, kept, context);
        LaunchPlanBuilder plan = state.Plan;
        plan.CloneFlags = CloneFlags.CLONE_NEWNS;
        CgroupSteps.WaitForMove(state);
        CgroupSteps.Enter(state);
        ResctrlSteps.Enter(state);
        RootSteps.Detach(state, MountFlags.None);
        plan.Group(Group);
        plan.Call(
            $"make a mount of '{root}'",
            Syscall.mount,
            root,
            root,
            Argument.Null,
            Argument.Flags(MountFlags.MS_BIND | MountFlags.MS_REC),
            Argument.Null
        );
        KeyringCalls.JoinSession(plan, keyring, Errno.ENOSYS);
        return End(state, kept);
    }

    /// <summary>Plans a process that brings the loopback interface of a network namespace up and waits to be ended.</summary>
    /// <param name="spec">The container's specification.</param>
    public static PlannedLaunch Loopback(ValidatedSpec spec)
    {
        PlanState state = Begin([], [], new LaunchContext { Root = RootView.Joined });
        ExecPlanner.JoinNamespaces(state, new ExecTarget(CloneFlags.CLONE_NEWNET));
        NetworkSteps.Write(state, spec);
        int gate = state.Plan.Gate("wait until it is up");
        state.Plan.Call("end", Syscall.exit_group, 0);
        state.Gates = state.Gates with { BeforeProgram = gate };
        return new PlannedLaunch(state.Plan.Build(), state.Inputs, state.Gates);
    }

    private static PlanState Begin(
        ImmutableArray<string> environment,
        IReadOnlyList<int> kept,
        LaunchContext context,
        params ReadOnlySpan<string> options
    )
    {
        string socket = kept.Count > 0 ? kept[0].ToString(CultureInfo.InvariantCulture) : "";
        ValidatedProcess process = new()
        {
            Args = ["criu", .. options, "swrk", socket],
            Env = environment,
            Cwd = ContainerPath.Root,
        };
        context = context with { DefaultEnvironment = [DefaultPath] };
        return new PlanState(new LaunchPlanBuilder(), process, context);
    }

    private static PlannedLaunch End(PlanState state, IReadOnlyList<int> kept)
    {
        ProgramSteps.CloseOthers(state);
        state.Plan.Group(Group);
        foreach (int number in kept)
        {
            state.Plan.Call($"keep descriptor {number}", Syscall.fcntl, number, (int)FcntlCommand.F_SETFD, 0);
        }

        ProgramSteps.Write(state);
        return new PlannedLaunch(state.Plan.Build(), state.Inputs, state.Gates);
    }
}
