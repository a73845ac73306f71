using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Writes the plan of a container: from namespaces to the program, each part by a class of its own, in the one order that is
/// safe. What is needed of the host is opened before the root changes; afterwards nothing outside can be named.
/// </summary>
public static class ContainerPlanner
{
    /// <summary>Plans the launch. Nothing is opened, made or looked at.</summary>
    /// <exception cref="SpecException">The specification asks for what the context rules out.</exception>
    public static PlannedLaunch Plan(ValidatedSpec spec, LaunchContext context)
    {
        Check(spec, context);
        LaunchPlanBuilder plan = new();
        PlanState state = new(plan, spec.Process, context) { Seccomp = spec.Seccomp, MountLabel = spec.MountLabel };

        // A container that waits is the launcher's program with the launcher's descriptors, and other programs can be added
        // to it already: none of them must get at either (CVE-2019-5736, CVE-2024-21626). An ordinary user could not add
        // programs then, and has nothing there that the container's root, who is the same user, could not have anyway.
        plan.Undumpable = context is { WaitsForStart: true, Privileged: true };
        LetMarkGo(state);
        LimitSteps.Raise(state);
        NamespaceSteps.Enter(state, spec);
        CgroupSteps.WaitForMove(state);
        LimitSteps.WriteOomScore(state);
        NamespaceSteps.EnterTime(state, spec);
        NamespaceSteps.JoinMounts(state, spec);

        (Slot?[] sources, List<ValidatedDevice> devices, Slot?[] deviceSources) = TakeFromHost(state, spec);

        // Under an engine of an ordinary user directories on the way are somebody's whom only the maps give a right to.
        bool rootIsLate =
            context.Root.CreatesFiles || (context.InUserNamespace && spec.Namespaces.Makes(CloneFlags.CLONE_NEWUSER));
        if (!rootIsLate)
        {
            RootSteps.Prepare(state, spec.Root.Propagation);
        }

        UserSteps.Enter(state, spec);
        CgroupSteps.Enter(state);
        ResctrlSteps.Enter(state);
        NamespaceSteps.EnterCgroup(state, spec);
        if (!spec.NetDevices.IsEmpty)
        {
            // Before kernel parameters, which may be those of a device, and before hooks, which may look for it.
            int gate = plan.Gate("wait for the network devices");
            state.Gates = state.Gates with { NetDevices = gate };
        }

        Slot? init = NamespaceSteps.HasInit(state, spec) ? AddInit(state) : null;
        if (rootIsLate)
        {
            RootSteps.Prepare(state, spec.Root.Propagation);
        }

        LabelSteps.Prepare(state);
        EarlyMounts.Make(state, spec, sources);
        state.Umask = plan.NewSlot("the launcher's umask");
        plan.CallInto(state.Umask, "create files with exactly the modes asked for", Syscall.umask, 0);
        SysctlSteps.Prepare(state, spec);
        if (spec.Hooks.ComeBeforeRoot)
        {
            // They are to find the mounts made and the host's root still there; places in the container resolve inside of
            // it either way, from its own descriptor.
            Fill(state, spec, sources, devices, deviceSources);
            state.Plan.Group("hooks");
            int gate = plan.Gate("wait for the hooks that come before the change of root");
            state.Gates = state.Gates with { BeforeRoot = gate };
            RootSteps.Change(state);
        }
        else
        {
            RootSteps.Change(state);
            Fill(state, spec, sources, devices, deviceSources);
        }

        ConsoleSteps.NewSession(state);
        if (spec.Process.Terminal)
        {
            ConsoleSteps.Open(state, bindsConsole: true);
            ConsoleSteps.Control(state);
        }
        else
        {
            ConsoleSteps.TakeStreams(state);
        }

        SysctlSteps.Write(state, spec);
        WorkingDirectorySteps.Open(state);
        Close(state, spec);
        NamespaceSteps.Name(state, spec);
        NetworkSteps.Write(state, spec);
        SchedulingSteps.SetDomain(state, spec.Personality, spec.MemoryPolicy);
        ProgramPart.Write(state, isFirst: true);
        ProgramSteps.Write(state);
        return new PlannedLaunch(plan.Build(), state.Inputs, state.Gates)
        {
            Init = init,
            Limits = state.Gates.Mappings is null ? [] : spec.Process.Rlimits,
            CopyUps = [.. state.CopyUps],
        };
    }

    private static Slot AddInit(PlanState state)
    {
        Slot image = state.Plan.NewInput("the init process's program");
        state.Inputs = state.Inputs with { InitImage = image };
        state.Plan.Group("init process");
        Slot init = InitCalls.Add(state.Plan, image);
        state.Plan.Add(new SpawnStep("make the program's process", CloneFlags.CLONE_CLEAR_SIGHAND));
        return init;
    }

    private static void Check(ValidatedSpec spec, LaunchContext context)
    {
        LaunchChecks.Groups(spec.Process, context);
        if (context.WritesOwnMaps && (spec.UidMappings is not [{ Size: 1 }] || spec.GidMappings is not [{ Size: 1 }]))
        {
            throw new SpecException(
                "linux.uidMappings",
                "a process can write only maps of its own user and group (map one id each)"
            );
        }
    }

    private static void LetMarkGo(PlanState state)
    {
        if (state.Context.HasMark)
        {
            Slot mark = state.Plan.NewInput("the launcher's mark");
            state.Inputs = state.Inputs with { Mark = mark };
            state.Plan.Group("launcher");
            state.Plan.Call("let the launcher's mark go", Syscall.close, mark);
        }
    }

    // Everything that is named by a path of the host.
    private static (Slot?[] Sources, List<ValidatedDevice> Devices, Slot?[] DeviceSources) TakeFromHost(
        PlanState state,
        ValidatedSpec spec
    )
    {
        // Where mounts are to be shared with the host, they are picked while they still are.
        bool shares = (spec.Root.Propagation & MountFlags.MS_SHARED) != 0 || state.Context.Root.Place is not null;
        Slot?[] sources = new Slot?[spec.Mounts.Length];
        if (shares)
        {
            SourceSteps.Pick(state, spec, sources, cutOff: false);
            RootSteps.Detach(state, MountFlags.MS_SLAVE);
        }
        else
        {
            RootSteps.Detach(state, spec.Root.Propagation);
            SourceSteps.Pick(state, spec, sources, cutOff: true);
        }

        SourceSteps.MountFileSystems(state, spec, sources);
        CgroupMountSteps.Pick(state, spec);
        List<ValidatedDevice> devices = DeviceSteps.IsDevGiven(spec) ? [] : DeviceSteps.Choose(spec);
        return (sources, devices, DeviceSteps.Pick(state, spec, devices));
    }

    private static void Fill(
        PlanState state,
        ValidatedSpec spec,
        Slot?[] sources,
        List<ValidatedDevice> devices,
        Slot?[] deviceSources
    )
    {
        for (int i = 0; i < spec.Mounts.Length; i++)
        {
            if (state.Context.CopiedSymlink(i) is { } text)
            {
                SymlinkSteps.Copy(state, spec.Mounts[i].Destination, text);
                continue;
            }

            MountSteps.Write(state, spec.Mounts[i], sources[i]);
        }

        state.Plan.Group("devices");
        PlacedMount? dev = state.MountOf(DefaultDevices.Dev);
        state.IsDevFresh = dev is { Contents: MountContents.Fresh };
        state.Dev = dev?.Directory ?? Destinations.PlainDirectory(state, DefaultDevices.Dev);
        DeviceSteps.Write(state, devices, deviceSources);
        if (!DeviceSteps.IsDevGiven(spec))
        {
            DeviceSteps.Link(state);
        }
    }

    // Nothing is put into the container from here on.
    private static void Close(PlanState state, ValidatedSpec spec)
    {
        MaskSteps.Write(state, spec);
        ReadonlySteps.Write(state, spec);
        foreach (DeferredReadOnly mount in state.Deferred)
        {
            MountSteps.SetAttributes(
                state,
                mount.Mount,
                $"make '{mount.Path}' read-only",
                MountAttributeFlags.MOUNT_ATTR_RDONLY,
                0,
                MountFlags.None,
                mount.WithAllBelow
            );
        }

        RootSteps.Finish(state, spec.Root);
    }
}
