using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// The working directory: opened inside the container (and made where it is missing) while everything else is, entered by
/// its descriptor, and looked at once more: a directory outside of the root has no name in it.
/// </summary>
internal static class WorkingDirectorySteps
{
    /// <summary>Opens the directory, through no magic link of procfs.</summary>
    public static void Open(PlanState state)
    {
        state.Plan.Group("program");
        state.WorkingDirectory = Destinations.WorkingDirectory(state, state.Process.Cwd);
    }

    /// <summary>Tries to enter it with the rights of root; the slot says whether that went well.</summary>
    public static Slot TryEarly(PlanState state)
    {
        Slot result = state.Plan.NewSlot("whether root may enter the working directory");
        state.Plan.Add(
            new CallStep(Words(state), Syscall.fchdir, [state.WorkingDirectory!])
            {
                Result = result,
                Tolerated = [Errno.EACCES],
            }
        );
        return result;
    }

    /// <summary>Enters it, or does so if root could not, and makes sure of where that is.</summary>
    public static void Enter(PlanState state, Slot? early)
    {
        LaunchPlanBuilder plan = state.Plan;
        string words = Words(state);
        Label entered = plan.NewLabel("the working directory is entered");
        if (early is not null)
        {
            Scratch memory = plan.NewScratch("whether root may enter the working directory", 8);
            plan.Add(new StoreStep(words, early, memory, 0, 8));
            plan.Add(new CheckStep(words, memory, 0, 8, ulong.MaxValue, 0) { MustDiffer = true, Otherwise = entered });
        }

        plan.Call(words, Syscall.fchdir, state.WorkingDirectory!);
        plan.Place(entered);
        Scratch name = plan.NewScratch("the working directory's name", 4096);
        const string Inside = "make sure that the working directory lies inside the container";
        plan.Call(Inside, Syscall.getcwd, name, name.Content.Length);
        plan.Add(new CheckStep(Inside, name, 0, 1, 0xFF, '/') { Failure = Errno.EXDEV });
    }

    private static string Words(PlanState state) => $"enter the working directory '{state.Process.Cwd}'";
}
