using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>
/// Adds a PID namespace with an init of its own to a plan: the process that comes so far makes the init as the first
/// process of a new PID namespace. A <see cref="SpawnStep"/> must follow: who goes on in the namespace is made by it. Both are
/// the launcher's children.
/// Preconditions: CAP_SYS_ADMIN in the process's user namespace; the plan's clone makes no PID namespace.
/// </summary>
/// <remarks>
/// The init is in every namespace and cgroup that the plan's process has entered so far, and has given up every privilege, so
/// that taking it over gains a program nothing. The kernel refuses to give a PID namespace's first process siblings (clone(2), EINVAL
/// for CLONE_PARENT), which is why it is made by a third process outside.
/// </remarks>
public static class InitCalls
{
    private const int MaskSize = 8;

    // What is left to an init process from when it has this filter: to execute its program, to wait, and to end.
    private static readonly Lazy<SocketFilter[]> OnlyWaiting = new(static () =>
        FilterCompiler.Compile(
            new FilterRules
            {
                Otherwise = FilterVerdicts.Of(SeccompAction.SECCOMP_RET_KILL_PROCESS),
                HidesNewCalls = false,
                Rules =
                [
                    new CallRule(
                        ["execveat", "pause", "ppoll", "restart_syscall", "rt_sigprocmask", "exit_group"],
                        FilterVerdicts.Of(SeccompAction.SECCOMP_RET_ALLOW),
                        []
                    ),
                ],
            },
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64
        )
    );

    /// <summary>Adds the steps; they belong to the group that is written just now.</summary>
    /// <param name="builder">The plan.</param>
    /// <param name="image">An input slot for a file with <see cref="InitImage"/>.</param>
    /// <param name="onlyWaits">
    /// The init process can make no call but to wait and to end, so that it is of no use to who takes it over, although no
    /// limit, cgroup or Landlock rule of the program's holds for it.
    /// </param>
    /// <returns>A slot that holds the init's process number in the launcher's PID namespace afterwards.</returns>
    public static Slot Add(LaunchPlanBuilder builder, Slot image, bool onlyWaits = false)
    {
        builder.Call("unshare the PID namespace", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWPID));
        (Slot init, Label program) = CompanionCalls.Make(builder, "the init process");
        AddInit(builder, image, onlyWaits);
        builder.Place(program);
        return init;
    }

    private static void AddInit(LaunchPlanBuilder builder, Slot image, bool onlyWaits)
    {
        // Who stands on '/' is taken along when the root changes. From any other directory of the machine the init process
        // would never leave, and /proc/1/cwd would lead the program there.
        builder.Call("leave the launcher's working directory", Syscall.chdir, "/");
        ProcessCalls.IgnoreSignal(builder, Signal.SIGCHLD, "let the kernel take orphans away");
        builder.Call(
            "forbid the init process new privileges",
            Syscall.prctl,
            Argument.Flags(PrctlOption.PR_SET_NO_NEW_PRIVS),
            1,
            0,
            0,
            0
        );
        builder.Call(
            "drop the init process's capabilities",
            Syscall.capset,
            Argument.Struct(
                MemoryMarshal.AsBytes<CapabilityHeader>([new CapabilityHeader { Version = CapabilityHeader.Version3 }])
            ),
            Argument.Struct(new byte[24])
        );
        AddDeathWithLauncher(builder);
        builder.Call(
            "close what the init process does not need",
            Syscall.close_range,
            0,
            Argument.Number(uint.MaxValue, ArgumentFormat.Hex),
            Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
        );
        if (onlyWaits)
        {
            builder.Add(
                SeccompCalls.Load(builder, "leave the init process nothing but waiting", OnlyWaiting.Value, default)
            );
        }

        builder.Call(
            "execute the init process's program",
            Syscall.execveat,
            image,
            "",
            Argument.Texts(["tare-init"]),
            Argument.Texts([]),
            Argument.Flags(AtFlags.AT_EMPTY_PATH)
        );
    }

    // A launcher that died before the signal was asked for is found by looking.
    private static void AddDeathWithLauncher(LaunchPlanBuilder builder)
    {
        const string Words = "make sure that the launcher is still there";
        Scratch poll = builder.NewScratch("the launcher's pollfd", [0, 0, 0, 0, (byte)PollEvents.POLLIN, 0, 0, 0]);
        Scratch atOnce = builder.NewScratch("no time", 16);
        builder.Call(
            "end the init process with the launcher",
            Syscall.prctl,
            Argument.Flags(PrctlOption.PR_SET_PDEATHSIG),
            Argument.Flags(Signal.SIGKILL)
        );
        builder.Add(new StoreStep(Words, builder.Launcher, poll, 0, 4));
        builder.Call(Words, Syscall.ppoll, poll, 1, atOnce, Argument.Null, MaskSize);
        builder.Add(new CheckStep(Words, poll, 6, 2, 0xFFFF, 0) { Failure = Errno.ESRCH });
    }
}
