using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>What the child does with the two descriptors by which it and the launching process know of each other.</summary>
internal sealed partial class CodeGenerator
{
    // Tells the launcher, then waits for its word or its death. The eventfd does not block, so that a launcher that died
    // without a word is told from one that spoke: reading then gives EAGAIN.
    private void EmitGate(int gate)
    {
        // Whoever sees the number sees what the slots hold too.
        code.OrderWrites();
        code.StoreImmediate(ControlBlock.Progress, gate);
        Call(Syscall.futex, At(ControlBlock.Progress), FutexWake, int.MaxValue);
        Call(Syscall.ppoll, At(ControlBlock.GatePoll), 2, 0, 0, MaskSize);
        code.LoadArgumentFromControl(0, ControlBlock.GateDescriptor);
        code.LoadArgument(1, At(ControlBlock.GateValue));
        code.LoadArgument(2, 8);
        ShowPass();
        code.Syscall(Number(Syscall.read));
        code.BranchIfResultIsError(failed);
    }

    // Both are copied above the numbers first: each may stand where the other is to go. Of a poll entry the kernel takes the
    // first half for a descriptor. What a failing step and a gate use is free meanwhile.
    private void EmitMoveGates(int number)
    {
        const long PollIn = (long)PollEvents.POLLIN << 32;
        CopyAbove(ControlBlock.GateDescriptor, number + 2, ControlBlock.GateValue);
        CopyAbove(ControlBlock.GatePoll + 8, number + 2, ControlBlock.StepErrno);
        CopyTo(ControlBlock.GateValue, number);
        CopyTo(ControlBlock.StepErrno, number + 1);
        code.StoreImmediate(ControlBlock.GateDescriptor, number);
        code.StoreImmediateAt(address + ControlBlock.GatePoll, PollIn | (uint)number);
        code.StoreImmediateAt(address + ControlBlock.GatePoll + 8, PollIn | (uint)(number + 1));
    }

    private void CopyAbove(int descriptor, int number, int result)
    {
        code.LoadArgumentFromControl(0, descriptor);
        code.LoadArgument(1, (int)FcntlCommand.F_DUPFD_CLOEXEC);
        code.LoadArgument(2, number);
        code.Syscall(Number(Syscall.fcntl));
        code.BranchIfResultIsError(failed);
        code.StoreResult(result);
    }

    private void CopyTo(int descriptor, int number)
    {
        code.LoadArgumentFromControl(0, descriptor);
        code.LoadArgument(1, number);
        code.LoadArgument(2, (long)OpenFlagsTable.For(OpenFlags.O_CLOEXEC, code.Architecture));
        code.Syscall(Number(Syscall.dup3));
        code.BranchIfResultIsError(failed);
    }

    // A process of another PID namespace cannot send it a signal; the kernel does, for what is written. The poll entry's
    // first half is the descriptor, and the kernel takes no more of the argument.
    private void KillLauncher()
    {
        code.LoadArgumentFromControl(0, ControlBlock.GatePoll + 8);
        code.LoadArgument(1, SignalKill);
        code.LoadArgument(2, 0);
        code.LoadArgument(3, 0);
        code.Syscall(Number(Syscall.pidfd_send_signal));
        code.LoadArgumentFromControl(0, ControlBlock.KillDescriptor);
        code.LoadArgument(1, At(ControlBlock.GateValue));
        code.LoadArgument(2, 1);
        code.Syscall(Number(Syscall.write));
        Call(Syscall.ppoll, At(ControlBlock.GatePoll + 8), 1, 0, 0, MaskSize);
    }
}
