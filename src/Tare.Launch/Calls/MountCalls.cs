using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps that make file systems which are attached nowhere yet. fsopen(2), Linux 5.2.</summary>
public static class MountCalls
{
    /// <summary>Makes a procfs of the process's PID namespace.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">What for.</param>
    /// <param name="name">What the slot holds, for people.</param>
    /// <param name="attributes">Of the mount.</param>
    /// <returns>The slot that has the mount.</returns>
    public static Slot MakeProc(LaunchPlanBuilder plan, string words, string name, MountAttributeFlags attributes)
    {
        Slot context = plan.NewSlot("a procfs being made");
        Slot proc = plan.NewSlot(name);
        plan.CallInto(context, words, Syscall.fsopen, "proc", Argument.Flags(FsOpenFlags.FSOPEN_CLOEXEC));
        plan.Call(
            words,
            Syscall.fsconfig,
            context,
            Argument.Flags(FsConfigCommand.FSCONFIG_CMD_CREATE),
            Argument.Null,
            Argument.Null,
            0
        );
        plan.CallInto(
            proc,
            words,
            Syscall.fsmount,
            context,
            Argument.Flags(FsMountFlags.FSMOUNT_CLOEXEC),
            Argument.Flags(attributes)
        );
        return proc;
    }
}
