using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>The beginning of a process beside the program's own: a child of the launcher too, which shares memory until it executes.</summary>
internal static class CompanionCalls
{
    private const int CloneArgumentsSize = 88;

    /// <summary>
    /// Makes it, and adds it to <see cref="LaunchPlan.Companions"/>. The steps that follow are the new process's and end with an
    /// execve; the label that is returned is to be placed behind them, where the process that made it goes on.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">Which process, for people: <c>the guard</c>.</param>
    /// <returns>A slot that holds its number in the launcher's PID namespace afterwards, and where its maker goes on.</returns>
    public static (Slot Companion, Label Program) Make(LaunchPlanBuilder plan, string name)
    {
        Slot companion = plan.NewSlot(name);
        plan.Companion(companion);
        Scratch who = plan.NewScratch("which process this is", 8);
        Label program = plan.NewLabel("the program's process");
        CloneArguments arguments = new()
        {
            Flags =
                CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK | CloneFlags.CLONE_PARENT | CloneFlags.CLONE_CLEAR_SIGHAND,
        };
        plan.CallInto(
            companion,
            $"make {name}",
            Syscall.clone3,
            Argument.Struct(MemoryMarshal.AsBytes<CloneArguments>([arguments])),
            CloneArgumentsSize
        );
        plan.Add(new StoreStep("see which process this is", companion, who, 0, 8));
        plan.Add(
            new CheckStep($"go on as {name}, or else for the program", who, 0, 8, ulong.MaxValue, 0)
            {
                Otherwise = program,
            }
        );
        return (companion, program);
    }
}
