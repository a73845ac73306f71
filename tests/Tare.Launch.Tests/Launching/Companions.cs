using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Steps that make a further process, a child of the launcher's too: for the inits of PID namespaces.</summary>
internal static class Companions
{
    /// <summary>The steps that follow are the companion's; where it ends those of the plan's own process begin.</summary>
    /// <returns>Where the companion's number goes.</returns>
    public static Slot Begin(LaunchPlanBuilder plan, out Label go)
    {
        Slot companion = plan.NewSlot("the companion");
        plan.Companion(companion);
        Scratch which = plan.NewScratch("which process this is", 8);
        go = plan.NewLabel("the plan's own process");
        CloneArguments arguments = new()
        {
            Flags =
                CloneFlags.CLONE_VM | CloneFlags.CLONE_VFORK | CloneFlags.CLONE_PARENT | CloneFlags.CLONE_CLEAR_SIGHAND,
        };
        plan.CallInto(
            companion,
            "make a companion",
            Syscall.clone3,
            Argument.Struct(MemoryMarshal.AsBytes<CloneArguments>([arguments])),
            88
        );
        plan.Add(new StoreStep("see which process this is", companion, which, 0, 8));
        plan.Add(new CheckStep("go on as the companion", which, 0, 8, ulong.MaxValue, 0) { Otherwise = go });
        return companion;
    }

    /// <summary>A companion that sleeps.</summary>
    public static Slot AddSleeping(LaunchPlanBuilder plan)
    {
        Slot companion = Begin(plan, out Label go);
        plan.Execute("/bin/sleep", "1000");
        plan.Place(go);
        return companion;
    }
}
