using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Writes the plan of a start. Each step belongs to the group that is named like the option that it is for, so that a failure
/// names it.
/// </summary>
/// <remarks>
/// The order is the kernel's: what needs privileges or the machine's own /proc comes before credentials and root change, the
/// filter of system calls last, for what follows it must be allowed by it.
/// </remarks>
internal sealed class StartPlanner
{
    /// <summary>What a suspended process does.</summary>
    public const string WaitWords = "wait to be resumed";

    // A call that its process waits with is then interrupted by fatal signals only, and not made twice. Linux 5.19.
    private static readonly Lazy<SeccompFilterFlags> WaitsKillable = new(static () =>
        Tare.Linux.Seccomp.IsSupported(
            SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER
                | SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
        )
            ? SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
            : SeccompFilterFlags.None
    );

    private readonly ProcessStartOptions options;
    private readonly LaunchPlanBuilder plan = new();
    private readonly ImmutableArray<(Slot Slot, FileDescriptor File)>.Builder given = ImmutableArray.CreateBuilder<(
        Slot,
        FileDescriptor
    )>();

    private readonly Slot?[] streams = new Slot?[3];
    private Slot? guardOrder;
    private int mapGate;
    private DescriptorSteps descriptors = null!;
    private int suspendGate;
    private LateProgram? late;
    private int listenerGate;
    private Slot? listener;

    private StartPlanner(ProcessStartOptions options) => this.options = options;

    /// <summary>Plans a start of checked options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="suspends">The process waits before it executes its program.</param>
    /// <param name="late">The program and its arguments are given only then.</param>
    /// <param name="repeats">It is made more than once, so that its memory is kept.</param>
    public static StartPlan Plan(ProcessStartOptions options, bool suspends, bool late = false, bool repeats = false)
    {
        StartPlanner planner = new(options);
        planner.late = late ? new LateProgram(planner.plan) : null;
        planner.Write(suspends);
        return new StartPlan
        {
            Plan = planner.plan.Build(),
            Options = repeats ? new LaunchOptions { Spares = new LaunchSpares() } : LaunchOptions.Default,
            FileName = options.FileName,
            Streams = ImmutableCollectionsMarshal.AsImmutableArray(planner.streams),
            Given = planner.given.ToImmutable(),
            GuardOrder = planner.guardOrder,
            MapGate = planner.mapGate,
            Late = planner.late,
            SuspendGate = planner.suspendGate,
            ListenerGate = planner.listenerGate,
            Listener = planner.listener,
        };
    }

    private void Write(bool suspends)
    {
        EnterUnifiedGroup();
        NamespaceSteps namespaces = new(plan, options, Input);
        if (options.Init)
        {
            mapGate = namespaces.Write();
            EnterGroups();
            new PrioritySteps(plan, options).Write();
        }
        else
        {
            EnterGroups();
            new PrioritySteps(plan, options).Write();
            mapGate = namespaces.Write();
        }

        options.View?.Write(plan, Input);
        LeadSession();
        descriptors = new DescriptorSteps(plan, options, Input, streams);
        guardOrder = options.Guarded ? plan.NewInput("what the guard waits for") : null;
        descriptors.Write(guardOrder, movesGates: suspends || options.Seccomp?.Handler is not null);
        AllowOwnPlaces();
        if (!options.Guarded)
        {
            SetLimits();
        }

        ChangePlace();
        new CredentialSteps(plan, options).Write();
        new InheritanceSteps(plan, options).Write();
        DieWithParent();
        if (suspends && options.Memory is { IsEmpty: false })
        {
            // Behind the seal the process goes on in another image, which nobody could find to resume it.
            CloseOthers();
            Suspend();
        }

        new MemorySteps(plan, options, descriptors).Write();
        SetContext();
        if (options.Guarded)
        {
            // The guard counts as one of the user's processes, of which there may be more than the program can have.
            Restrict();
            GuardCalls.Add(plan, descriptors.GuardImage, descriptors.GuardOrder);
            SetLimits();
        }

        Restrict();
        new SignalSteps(plan, options).Write();

        // To load a filter takes longer than all else that is left: who waits for a program has it loaded, if it can wait then.
        bool waitsFiltered = late is not null && options.Seccomp is { LetsWait: true, Handler: null };
        if (suspends && suspendGate == 0)
        {
            CloseOthers();
            if (waitsFiltered)
            {
                Filter();
            }

            Suspend();
        }

        if (!waitsFiltered)
        {
            Filter();
        }

        Execute();
    }

    private void CloseOthers()
    {
        bool isSealed = options.Memory is { IsEmpty: false };
        if (isSealed)
        {
            plan.Group(nameof(ProcessStartOptions.Memory));
            plan.Add(new MoveSealStep("keep the image that this process goes on in", descriptors.Sealed));
        }

        plan.Group(nameof(ProcessStartOptions.FileName));
        descriptors.CloseOthersNow(isSealed);
    }

    private void Suspend()
    {
        plan.Group(nameof(ProcessStartOptions.FileName));
        suspendGate = plan.Gate(WaitWords);
    }

    private Slot Input(string name, FileDescriptor file)
    {
        Slot slot = plan.NewInput(name);
        given.Add((slot, file));
        return slot;
    }

    private void EnterUnifiedGroup()
    {
        if (options.ControlGroup?.UnifiedDirectory is { } unified)
        {
            plan.Cgroup = Input("the cgroup", unified);
            plan.SpawnsIntoCgroup = options.Init;
        }
    }

    private void EnterGroups()
    {
        plan.Group(nameof(ProcessStartOptions.ControlGroup));
        foreach (FileFd entrance in options.ControlGroup?.Entrances ?? [])
        {
            plan.Call("enter the cgroup of version 1", Syscall.write, Input("the cgroup's tasks", entrance), "0", 1);
        }
    }

    private void LeadSession()
    {
        if (options.NewSession || options.Terminal is not null)
        {
            plan.Group(
                options.NewSession ? nameof(ProcessStartOptions.NewSession) : nameof(ProcessStartOptions.Terminal)
            );
            plan.Call("make a session", Syscall.setsid);
        }
        else if (options.ProcessGroup is { } group)
        {
            plan.Group(nameof(ProcessStartOptions.ProcessGroup));
            plan.Call(
                group == 0 ? "make a process group" : $"join the process group {group}",
                Syscall.setpgid,
                0,
                group
            );
        }
    }

    // Opens files, and so comes before the limit of open ones: the child has all of this process's until its program runs.
    private void AllowOwnPlaces()
    {
        if (options is { Landlock: { } landlock, View: not null })
        {
            plan.Group(nameof(ProcessStartOptions.Landlock));
            SandboxView.AllowOwn(plan, descriptors.Ruleset, landlock.HandledFiles);
        }
    }

    private void SetLimits()
    {
        plan.Group(nameof(ProcessStartOptions.Limits));
        foreach ((ResourceLimit resource, ProcessLimit<long> limit) in options.Limits.Given)
        {
            ProcessCalls.SetLimit(plan, resource, limit.ToKernel());
        }
    }

    private void ChangePlace()
    {
        if (options.Umask is { } umask)
        {
            plan.Group(nameof(ProcessStartOptions.Umask));
            plan.Call("set the umask", Syscall.umask, Argument.Number((uint)umask, ArgumentFormat.Octal));
        }

        if (options.RootDirectory is { } root)
        {
            plan.Group(nameof(ProcessStartOptions.RootDirectory));
            plan.Call($"change the root to '{root}'", Syscall.chroot, root);
            plan.Call("enter the root", Syscall.chdir, "/");
        }

        if (options.WorkingDirectory is { } directory)
        {
            plan.Group(nameof(ProcessStartOptions.WorkingDirectory));
            plan.Call($"enter the working directory '{directory}'", Syscall.chdir, directory);
        }
    }

    private void DieWithParent()
    {
        if (options.KillOnParentExit)
        {
            plan.Group(nameof(ProcessStartOptions.KillOnParentExit));
            ProcessCalls.DieWithLauncher(plan, descriptors.Launcher);
        }
    }

    private void Restrict()
    {
        if (options.Landlock is { } landlock)
        {
            plan.Group(nameof(ProcessStartOptions.Landlock));
            LandlockCalls.Restrict(plan, descriptors.Ruleset, landlock.Flags);
        }
    }

    private void SetContext()
    {
        if (options.SecurityContext is { } context)
        {
            // AppArmor's attribute is a command.
            bool profile = context.Module == LsmId.LSM_ID_APPARMOR;
            string text = profile ? $"exec {context.Text}" : context.Text;
            string words = $"have the program confined as '{context.Text}'";
            plan.Group(nameof(ProcessStartOptions.SecurityContext));
            if (ContextFile(context.Module) is { } path)
            {
                FileCalls.Write(plan, words, "what the program is to be confined as", path, text);
                return;
            }

            byte[] bytes = SecurityModules.Context(context.Module, Encoding.UTF8.GetBytes(text));
            plan.Call(
                words,
                Syscall.lsm_set_self_attr,
                Argument.Flags(LsmAttribute.LSM_ATTR_EXEC),
                Argument.Struct(bytes),
                bytes.Length,
                0
            );
        }
    }

    // Before Linux 6.8 there is no call for it; a module that is not at work fails by the call all the same.
    private static string? ContextFile(LsmId module) =>
        SecurityModules.HasAttributeCalls ? null
        : module == LsmId.LSM_ID_APPARMOR && SecurityModules.HasAppArmor ? "/proc/thread-self/attr/apparmor/exec"
        : module == LsmId.LSM_ID_SELINUX && SecurityModules.HasSelinux ? "/proc/thread-self/attr/exec"
        : null;

    private void Filter()
    {
        if (options.Seccomp is { } filter)
        {
            plan.Group(nameof(ProcessStartOptions.Seccomp));
            ReadOnlySpan<SocketFilter> program = filter.Instructions.AsSpan();
            if (filter.Handler is null)
            {
                plan.Add(SeccompCalls.Load(plan, "filter system calls", program, filter.Flags));
            }
            else
            {
                listener = plan.NewSlot("the filter's listener");
                listenerGate = SeccompCalls.LoadWithListener(
                    plan,
                    "filter system calls",
                    program,
                    filter.Flags | WaitsKillable.Value,
                    listener
                );
            }
        }
    }

    private void Execute()
    {
        plan.Group(nameof(ProcessStartOptions.FileName));
        if (late is not null)
        {
            late.Execute(plan, Argument.Texts(options.Environment!.Texts));
            return;
        }

        Argument argv = Argument.Texts([options.Argv0 ?? options.FileName, .. options.Arguments]);
        Argument envp = Argument.Texts(options.Environment!.Texts);
        if (options.Executable is not null)
        {
            plan.Call(
                $"execute '{options.FileName}'",
                Syscall.execveat,
                descriptors.Executable,
                "",
                argv,
                envp,
                Argument.Flags(AtFlags.AT_EMPTY_PATH)
            );
            return;
        }

        ProgramCalls.TryAll(
            plan,
            options.FileName,
            options.Environment["PATH"],
            program => ProgramCalls.Execution(program, argv, envp),
            done: null
        );
    }
}
