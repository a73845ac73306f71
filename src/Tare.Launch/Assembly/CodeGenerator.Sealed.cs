using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>The part of a plan that has an image of its own, and the way there.</summary>
internal sealed partial class CodeGenerator
{
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const int SetDumpable = 4;

    /// <summary>Emits the part of a plan that has an image of its own: the whole program of that image.</summary>
    public static void Sealed(
        LaunchPlan plan,
        MemoryLayout layout,
        InstructionEncoder code,
        ulong address,
        int killBefore,
        int failAt = -1
    )
    {
        CodeGenerator generator = new(plan, layout, code, address, killBefore, failAt) { isSealed = true };
        code.LoadArgument(0, (long)address);
        code.Enter();
        generator.Image();
    }

    // A program that is this very image again (/proc/self/exe) finds the descriptors closed and ends.
    private void Image()
    {
        SetFlags(CloseOnExec, ended);
        Steps(plan.Sealed!.Seal + 1, plan.Steps.Length, trace: false);
    }

    private void EmitSeal(SealStep seal, int index)
    {
        SetFlags(0, failed);
        EmitCall(seal.Execution, index);
    }

    private void EmitMoveSeal(int number)
    {
        MoveTo(plan.Sealed!.Image, number);
        if (plan.Sealed.Pipe is { } pipe)
        {
            MoveTo(pipe, number + 1);
        }
    }

    private void MoveTo(Slot slot, int number)
    {
        CopyTo(MemoryLayout.OffsetOf(slot), number);
        code.StoreImmediate(MemoryLayout.OffsetOf(slot), number);
    }

    // Until it executes its program the new process is not to be traced by those who see it: its number is reported by the
    // same descriptor as its failure. The memory is each process's own, so the number goes where an errno would, negated.
    // By now it can be under a container's filter on system calls, and many of them hide clone3.
    private void EmitSealedSpawn(SpawnStep spawn)
    {
        CodeLabel next = new();
        Call(Syscall.prctl, SetDumpable, 0, 0, 0, 0);
        Call(Syscall.clone, (long)LaunchFlags.OfSpawned(plan, spawn), 0, 0, 0, 0);
        code.BranchIfResultIsError(failed);
        code.BranchIfResultIs(0, next);
        code.StoreNegatedResult(ControlBlock.Errno);
        code.LoadResult(ControlBlock.Step);
        code.StoreResult(ControlBlock.FailedStep);
        Report(plan.Sealed!.Pipe);
        Exit(0);
        code.Bind(next);
    }

    // The descriptors that go along into the image, and do not go on into the program.
    private void SetFlags(int flags, CodeLabel onError)
    {
        foreach (Slot slot in plan.Sealed!.Kept)
        {
            code.LoadArgumentFromControl(0, MemoryLayout.OffsetOf(slot));
            SetFlagsOfArgument(flags, onError);
        }

        if (killBefore > plan.Sealed.Seal)
        {
            code.LoadArgumentFromControl(0, ControlBlock.GatePoll + 8);
            SetFlagsOfArgument(flags, onError);
            code.LoadArgumentFromControl(0, ControlBlock.KillDescriptor);
            SetFlagsOfArgument(flags, onError);
        }
    }

    private void SetFlagsOfArgument(int flags, CodeLabel onError)
    {
        code.LoadArgument(1, SetDescriptorFlags);
        code.LoadArgument(2, flags);
        code.Syscall(Number(Syscall.fcntl));
        code.BranchIfResultIsError(onError);
    }
}
