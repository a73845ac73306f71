using Tare.Linux.Abi;

namespace Tare.Launch.Assembly;

/// <summary>
/// Walks a plan and emits the whole launch: <c>long launch(void* control)</c> blocks the thread's signals, makes the
/// child (or the holder that makes it) and, as the parent, restores the mask and returns clone3's result. The child runs
/// the steps and never returns, nor does the holder.
/// </summary>
internal sealed partial class CodeGenerator
{
    private const int SignalSetMask = 2;
    private const int SignalKill = 9;
    private const int SignalPipe = 13;
    private const int FutexWake = 1;
    private const int ClockMonotonic = 1;
    private const int FailedExit = 125;
    private const int MaskSize = 8;

    private readonly LaunchPlan plan;
    private readonly MemoryLayout layout;
    private readonly InstructionEncoder code;
    private readonly ulong address;
    private readonly CodeLabel failed = new();
    private readonly CodeLabel reported = new();
    private readonly CodeLabel ended = new();
    private readonly CodeLabel?[] steps;
    private readonly int killBefore;
    private readonly int failAt;
    private bool isSealed;

    private CodeGenerator(
        LaunchPlan plan,
        MemoryLayout layout,
        InstructionEncoder code,
        ulong address,
        int killBefore = -1,
        int failAt = -1
    )
    {
        this.killBefore = killBefore;
        this.failAt = failAt;
        this.plan = plan;
        this.layout = layout;
        this.code = code;
        this.address = address;
        steps = new CodeLabel?[plan.Steps.Length];
    }

    /// <summary>Emits the launch of a plan whose data lies at <paramref name="address"/>.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="layout">Its data.</param>
    /// <param name="code">Where the instructions go.</param>
    /// <param name="address">The address of the control block.</param>
    /// <param name="trace">Every step's end is noted by the clock.</param>
    /// <param name="killBefore">The step before which the child kills the launching process and waits for its end, or -1.</param>
    /// <param name="failAt">The step instead of which the child fails, or -1.</param>
    public static void Launch(
        LaunchPlan plan,
        MemoryLayout layout,
        InstructionEncoder code,
        ulong address,
        bool trace,
        int killBefore,
        int failAt = -1
    )
    {
        CodeGenerator generator = new(plan, layout, code, address, killBefore, failAt);
        generator.Parent();
        generator.Child(trace);
    }

    /// <summary>Emits only what the child does, entered as a function: for programs that are the child from their start.</summary>
    public static void ChildOnly(LaunchPlan plan, MemoryLayout layout, InstructionEncoder code, ulong address)
    {
        CodeGenerator generator = new(plan, layout, code, address);
        code.Enter();
        generator.Child(trace: false);
    }

    private void Child(bool trace)
    {
        Trace(trace, 0);

        // The runtime ignores SIGPIPE, and what is ignored stays so across execve.
        Call(Syscall.rt_sigaction, SignalPipe, At(ControlBlock.DefaultAction), 0, MaskSize);
        Steps(0, plan.Sealed?.Seal + 1 ?? plan.Steps.Length, trace);
    }

    private CodeLabel Ahead(Label label) => steps[label.Target] ??= new CodeLabel();

    private void Steps(int first, int behind, bool trace)
    {
        for (int i = first; i < behind; i++)
        {
            Step step = plan.Steps[i];

            // Branches lead ahead, so by now all are known that lead here; mostly there are none.
            if (steps[i] is { } reached)
            {
                code.Bind(reached);
            }

            if (i == killBefore)
            {
                KillLauncher();
            }

            if (step is not JumpStep)
            {
                code.StoreImmediate(ControlBlock.Step, i);
            }

            if (plan.RestoresMaskBefore(i))
            {
                SetProgramMask();
            }

            if (i == failAt)
            {
                FailWith(Errno.EIO);
            }

            Emit(step, i);
            Trace(trace, i + 1);
        }

        // A plan that ends without executing a program has done all that it was asked to do.
        Exit(0);
        Failure();
    }

    // The first process that fails reports: where a plan makes several, the others may fail only because it is gone.
    private void Failure()
    {
        code.Bind(failed);
        code.StoreNegatedResult(ControlBlock.StepErrno);
        code.Bind(reported);
        code.BranchIfMemory(
            address + ControlBlock.Errno,
            sizeof(ulong),
            ulong.MaxValue,
            expected: 0,
            whenEqual: false,
            ended
        );
        code.LoadResult(ControlBlock.Step);
        code.StoreResult(ControlBlock.FailedStep);
        code.LoadResult(ControlBlock.StepErrno);
        code.StoreResult(ControlBlock.Errno);
        Report(plan.FailureReport);
        Report(isSealed ? plan.Sealed!.Pipe : null);
        code.Bind(ended);
        Exit(FailedExit);
    }

    private void Report(Slot? report)
    {
        if (report is not null)
        {
            code.LoadArgumentFromControl(0, MemoryLayout.OffsetOf(report));
            code.LoadArgument(1, At(ControlBlock.FailedStep));
            code.LoadArgument(2, 16);
            code.Syscall(Number(Syscall.write));
        }
    }

    private void Emit(Step step, int index)
    {
        switch (step)
        {
            case CallStep call:
                EmitCall(call, index);
                break;
            case CheckStep check:
                EmitCheck(check);
                break;
            case StoreStep store:
                code.CopyToMemory(
                    MemoryLayout.OffsetOf(store.Source),
                    address + (ulong)(layout.OffsetOf(store.Memory) + store.Offset),
                    store.Width
                );
                break;
            case AddressStep pointer:
                code.StoreImmediateAt(
                    address + (ulong)(layout.OffsetOf(pointer.Memory) + pointer.Offset),
                    At(layout.OffsetOf(pointer.Source))
                );
                break;
            case JumpStep jump:
                code.Jump(Ahead(jump.Target));
                break;
            case GateStep gate:
                EmitGate(gate.Gate);
                break;
            case MoveGatesStep move:
                EmitMoveGates(move.Number);
                break;
            case MoveSealStep move:
                EmitMoveSeal(move.Number);
                break;
            case SpawnStep spawn:
                EmitSpawn(spawn);
                break;
            case SealStep seal:
                EmitSeal(seal, index);
                break;
            case FailStep fail:
                FailWith(fail.Errno);
                break;
            default:
                throw new InvalidOperationException($"no code for {step.GetType().Name}");
        }
    }

    private void EmitCall(CallStep call, int index)
    {
        CodeLabel? again = call.Call == Syscall.openat2 ? new() : null;
        if (again is not null)
        {
            code.Bind(again);
        }

        for (int i = 0; i < call.Arguments.Length; i++)
        {
            Argument argument = call.Arguments[i];
            switch (argument.Kind)
            {
                case ArgumentKind.Immediate:
                    code.LoadArgument(i, argument.ValueFor(code.Architecture));
                    break;
                case ArgumentKind.Slot:
                    code.LoadArgumentFromControl(i, MemoryLayout.OffsetOf(argument.Slot!));
                    break;
                case ArgumentKind.SlotAddress:
                    code.LoadArgument(i, At(MemoryLayout.OffsetOf(argument.Slot!)));
                    break;
                case ArgumentKind.Scratch:
                    code.LoadArgument(i, At(layout.OffsetOf(argument.Memory!)) + argument.Value);
                    break;
                default:
                    code.LoadArgument(i, At(layout.OffsetOfConstant(index, i)));
                    break;
            }
        }

        CodeLabel? done = call.Tolerated.IsEmpty ? null : new();
        code.Syscall(Number(call.Call));
        if (again is not null)
        {
            // Somebody renamed something, wherever on the machine, while a ".." was walked: to be tried again. openat2(2).
            code.BranchIfResultIs(-(int)Errno.EAGAIN, again);
        }

        foreach (Errno errno in call.Tolerated)
        {
            code.BranchIfResultIs(-(int)errno, done!);
        }

        foreach (Branch branch in call.Branches)
        {
            code.BranchIfResultIs(-(int)branch.Errno, Ahead(branch.Target));
        }

        code.BranchIfResultIsError(failed);
        if (done is not null)
        {
            code.Bind(done);
        }

        if (call.Result is { } result)
        {
            code.StoreResult(MemoryLayout.OffsetOf(result));
        }
    }

    private void EmitCheck(CheckStep check)
    {
        CodeLabel fine = new();
        code.BranchIfMemory(
            address + (ulong)(layout.OffsetOf(check.Memory) + check.Offset),
            check.Width,
            check.Mask,
            check.Expected,
            !check.MustDiffer,
            fine
        );
        if (check.Otherwise is { } otherwise)
        {
            code.Jump(Ahead(otherwise));
        }
        else
        {
            FailWith(check.Failure);
        }

        code.Bind(fine);
    }

    private void EmitSpawn(SpawnStep spawn)
    {
        if (isSealed)
        {
            EmitSealedSpawn(spawn);
            return;
        }

        CodeLabel next = new();
        Call(Syscall.clone3, At(ControlBlock.SpawnArguments), ControlBlock.CloneArgumentsSize);
        code.BranchIfResultIsError(failed);
        code.BranchIfResultIs(0, next);

        // Back from the clone, the new process has executed its program or ended: this one's end clears nothing again.
        Exit(0);
        code.Bind(next);
    }

    private void Trace(bool trace, int position)
    {
        if (trace)
        {
            Call(Syscall.clock_gettime, ClockMonotonic, At(layout.TraceOffset + (position * 16)));
        }
    }

    private void FailWith(Errno errno)
    {
        code.StoreImmediate(ControlBlock.StepErrno, (int)errno);
        code.Jump(reported);
    }

    private void SetProgramMask()
    {
        if (plan.SignalMask is { } mask)
        {
            Call(Syscall.rt_sigprocmask, SignalSetMask, At(layout.OffsetOf(mask)), 0, MaskSize);
        }
        else
        {
            RestoreMask();
        }
    }

    private void RestoreMask() => Call(Syscall.rt_sigprocmask, SignalSetMask, At(ControlBlock.SavedMask), 0, MaskSize);

    private void Exit(int status) => Call(Syscall.exit_group, status);

    private void Call(Syscall call, params ReadOnlySpan<long> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            code.LoadArgument(i, arguments[i]);
        }

        ShowPass();
        code.Syscall(Number(call));
    }

    private void ShowPass()
    {
        if (plan.Pass != 0)
        {
            code.LoadArgument(5, plan.Pass);
        }
    }

    private int Number(Syscall call)
    {
        int number = SyscallTable.Number(call, code.Architecture);

        // A call that this architecture lacks fails as the kernel would say it.
        return number >= 0 ? number : 0x0FFF;
    }

    private long At(int offset) => (long)address + offset;
}
