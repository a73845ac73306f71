using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>What runs in the launcher and makes the child, directly or through a holder.</summary>
internal sealed partial class CodeGenerator
{
    private const int SignalBlock = 0;
    private const int SetParentDeathSignal = 1;

    private void Parent()
    {
        CodeLabel other = new();
        int arguments = plan.WaitsForParent ? ControlBlock.HolderArguments : ControlBlock.CloneArguments;
        code.Enter();
        Call(Syscall.rt_sigprocmask, SignalBlock, At(ControlBlock.FullMask), At(ControlBlock.SavedMask), MaskSize);
        Call(Syscall.clone3, At(arguments), ControlBlock.CloneArgumentsSize);
        code.BranchIfResultIs(0, other);
        code.StoreResult(ControlBlock.CloneResult);
        RestoreMask();
        code.Leave(ControlBlock.CloneResult);
        code.Bind(other);
        if (plan.WaitsForParent)
        {
            Holder();
        }
    }

    // Waits inside the clone in the launcher's stead, so that the kernel takes the child for one that only borrows its
    // memory. Its own end tells the launcher of a clone that failed. It has the launcher's descriptors, and must not keep
    // them (and the locks on them) once the launcher is killed.
    private void Holder()
    {
        CodeLabel child = new();
        Call(Syscall.prctl, SetParentDeathSignal, SignalKill);
        Call(Syscall.clone3, At(ControlBlock.CloneArguments), ControlBlock.CloneArgumentsSize);
        code.BranchIfResultIs(0, child);
        code.StoreResult(ControlBlock.HolderResult);
        Exit(0);
        code.Bind(child);
        code.StoreImmediate(ControlBlock.Holding, ControlBlock.Made);
        Call(Syscall.futex, At(ControlBlock.Holding), FutexWake, int.MaxValue);
    }
}
