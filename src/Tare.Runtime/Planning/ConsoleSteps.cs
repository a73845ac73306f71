using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// The terminal: a pair made in the container's own devpts, of which the program gets one side as its controlling terminal
/// and standard streams, and a socket the other. The multiplexer is verified, and the program's side is asked from it
/// (TIOCGPTPEER) instead of being opened by name. pty(7), ioctl_tty(2).
/// </summary>
internal static class ConsoleSteps
{
    private const string Group = "console";
    private const uint MultiplexerMajor = 5;
    private const uint MultiplexerMinor = 2;
    private const int DescriptorSize = 4;

    /// <summary>Makes a session, so that no terminal of the launcher's can be reached.</summary>
    public static void NewSession(PlanState state)
    {
        state.Plan.Group(Group);

        // A child of a session's leader is none, so this fails only where one has been made already.
        state.Plan.Call("make a session", Syscall.setsid);
    }

    /// <summary>Makes the terminal, hands its other side over and makes the program's the standard streams.</summary>
    /// <param name="state">The plan.</param>
    /// <param name="bindsConsole">The program's side is bound on /dev/console.</param>
    public static void Open(PlanState state, bool bindsConsole)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        Slot master = OpenMultiplexer(state);
        Slot terminal = plan.NewSlot("the terminal");
        plan.Call(
            "unlock the terminal",
            Syscall.ioctl,
            master,
            Argument.Flags(IoctlRequest.TIOCSPTLCK),
            Argument.Struct(stackalloc byte[DescriptorSize])
        );
        plan.CallInto(
            terminal,
            "open the terminal",
            Syscall.ioctl,
            master,
            Argument.Flags(IoctlRequest.TIOCGPTPEER),
            Argument.Flags(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC)
        );
        SetSize(state, master);
        ApplySettings(state, terminal);
        if (state.Process.Uid != 0)
        {
            plan.Call("give the terminal to the user", Syscall.fchown, terminal, state.Process.Uid, 0xFFFF_FFFF);
        }

        Send(state, master);
        if (bindsConsole)
        {
            Bind(state, terminal);
        }

        plan.Call("make the terminal standard input", Syscall.dup3, terminal, 0, 0);
        plan.Call("make the terminal standard output", Syscall.dup3, terminal, 1, 0);
        plan.Call("make the terminal standard error", Syscall.dup3, terminal, 2, 0);
    }

    /// <summary>Makes the terminal, which is standard input by now, the controlling one; only a new session's leader can.</summary>
    public static void Control(PlanState state)
    {
        state.Plan.Group(Group);
        state.Plan.Call(
            "make it the controlling terminal",
            Syscall.ioctl,
            0,
            Argument.Flags(IoctlRequest.TIOCSCTTY),
            0
        );
    }

    /// <summary>Makes descriptors that the launcher hands over the standard streams.</summary>
    public static void TakeStreams(PlanState state)
    {
        if (!state.Context.StreamsGiven)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        ImmutableArray<Slot> streams =
        [
            plan.NewInput("standard input"),
            plan.NewInput("standard output"),
            plan.NewInput("standard error"),
        ];
        state.Inputs = state.Inputs with { Streams = streams };
        plan.Call("take standard input", Syscall.dup3, streams[0], 0, 0);
        plan.Call("take standard output", Syscall.dup3, streams[1], 1, 0);
        plan.Call("take standard error", Syscall.dup3, streams[2], 2, 0);
    }

    // Opening a device has effects, so that this is the multiplexer must be known before: in a devpts nobody but the kernel
    // makes files, and what somebody mounted on one is not entered.
    private static Slot OpenMultiplexer(PlanState state)
    {
        const string Words = "open '/dev/pts/ptmx'";
        Slot directory = state.Plan.NewSlot("/dev/pts");
        Slot master = state.Plan.NewSlot("the terminal's other side");
        state.Open(directory, "open '/dev/pts'", state.Root, "dev/pts", How.PlainDirectory);
        Checks.IsOn(state, directory, FileSystemMagic.DEVPTS_SUPER_MAGIC, "make sure that '/dev/pts' is a devpts");
        state.Open(master, Words, directory, "ptmx", How.Terminal);
        Checks.IsDevice(state, master, FileModes.S_IFCHR, MultiplexerMajor, MultiplexerMinor, "/dev/pts/ptmx");
        return master;
    }

    private static void SetSize(PlanState state, Slot master)
    {
        if (state.Process.ConsoleSize is not { } size)
        {
            return;
        }

        WinSize window = new() { Rows = size.Height, Columns = size.Width };
        state.Plan.Call(
            $"set the terminal's size to {size.Width}x{size.Height}",
            Syscall.ioctl,
            master,
            Argument.Flags(IoctlRequest.TIOCSWINSZ),
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<WinSize>(in window)))
        );
    }

    // Before the program is there: afterwards it may have chosen its own.
    private static void ApplySettings(PlanState state, Slot terminal)
    {
        if (state.Context.TerminalSettings is not { } settings)
        {
            return;
        }

        state.Plan.Call(
            "give the terminal the settings of the one outside",
            Syscall.ioctl,
            terminal,
            Argument.Flags(IoctlRequest.TCSETS),
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<TermiosLinux>(in settings)))
        );
    }

    private static void Send(PlanState state, Slot master)
    {
        Slot socket = state.Plan.NewInput("the console socket");
        state.Inputs = state.Inputs with { ConsoleSocket = socket };
        MessageSteps.Send(
            state.Plan,
            "send the terminal's other side over the console socket",
            socket,
            "/dev/ptmx"u8,
            [master]
        );
    }

    // The clone is taken from the descriptor that the multiplexer gave, and goes onto a name that is not followed.
    private static void Bind(PlanState state, Slot terminal)
    {
        const string Words = "bind the terminal on '/dev/console'";
        LaunchPlanBuilder plan = state.Plan;
        Slot mount = plan.NewSlot("the terminal as a mount");
        plan.Add(
            new CallStep(
                "create the file '/dev/console'",
                Syscall.mknodat,
                [
                    state.Dev!,
                    "console",
                    Argument.Number((uint)FileModes.S_IFREG | 0x180, ArgumentFormat.Octal),
                    Argument.Null,
                ]
            )
            {
                Tolerated = [Errno.EEXIST],
            }
        );
        plan.CallInto(
            mount,
            Words,
            Syscall.open_tree,
            terminal,
            "",
            Argument.Flags(
                OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | OpenTreeFlags.AT_EMPTY_PATH
            )
        );
        plan.Call(
            Words,
            Syscall.move_mount,
            mount,
            "",
            state.Dev!,
            "console",
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
        );
    }
}
