using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>
/// Adds a guard to a plan: a process beside the program that kills all that the program has started once it is told to, or
/// once its launcher is gone. Needs no privilege, no namespace and no cgroup.
/// </summary>
/// <remarks>
/// Whom it may kill is Landlock's to say. Preconditions: the plan's process has just restricted itself by a ruleset that keeps
/// signals in (LANDLOCK_SCOPE_SIGNAL, Linux 6.12), or the guard would kill all processes of its user; afterwards the process
/// restricts itself so once more. The guard is then in the outer of two domains: it can kill what is in the inner one, and
/// nothing in there can send it a signal or trace it.
/// </remarks>
public static class GuardCalls
{
    /// <summary>Adds the steps, and the guard to <see cref="LaunchPlan.Companions"/>.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="image">The number of a descriptor of a file with <see cref="GuardImage"/>.</param>
    /// <param name="order">The number of the read end of the pipe that the guard waits at; it kills when the write end is closed.</param>
    public static void Add(LaunchPlanBuilder plan, int image, int order)
    {
        (_, Label program) = CompanionCalls.Make(plan, "the guard");
        plan.Call("leave the program's working directory", Syscall.chdir, "/");
        plan.Call("make a session for the guard", Syscall.setsid);
        plan.Call("give the guard what it waits for", Syscall.dup3, order, 0, 0);
        plan.Call(
            "close what the guard does not need",
            Syscall.close_range,
            1,
            Argument.Number(uint.MaxValue, ArgumentFormat.Hex),
            Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
        );
        plan.Call(
            "execute the guard's program",
            Syscall.execveat,
            image,
            "",
            Argument.Texts(["tare-guard"]),
            Argument.Texts([]),
            Argument.Flags(AtFlags.AT_EMPTY_PATH)
        );
        plan.Place(program);
    }
}
