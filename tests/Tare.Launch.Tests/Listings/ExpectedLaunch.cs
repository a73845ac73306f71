using Tare.Launch.Assembly;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>
/// What the code of a launch should be, read from the plan a second time and written in the words of an
/// <see cref="Assembler"/>.
/// </summary>
internal sealed class ExpectedLaunch(LaunchPlan plan, MemoryLayout layout, ulong address, Assembler text)
{
    private readonly Mark[] steps = [.. plan.Steps.Select(_ => new Mark())];
    private readonly Mark failed = new();
    private readonly Mark reported = new();
    private readonly Mark ended = new();

    public IReadOnlyList<ExpectedLine> Write(bool trace)
    {
        bool waits = plan.Steps.Any(step => step is GateStep);
        Mark made = new();
        text.Enter();
        text.Call(Syscall.rt_sigprocmask, 0, At(ControlBlock.FullMask), At(ControlBlock.SavedMask), 8);
        text.Call(Syscall.clone3, At(waits ? ControlBlock.HolderArguments : ControlBlock.CloneArguments), 88);
        text.IfResult(0, made);
        text.KeepResult(ControlBlock.CloneResult);
        text.Call(Syscall.rt_sigprocmask, 2, At(ControlBlock.SavedMask), 0, 8);
        text.Leave(ControlBlock.CloneResult);
        text.Place(made);
        if (waits)
        {
            Mark child = new();
            text.Call(Syscall.prctl, 1, 9);
            text.Call(Syscall.clone3, At(ControlBlock.CloneArguments), 88);
            text.IfResult(0, child);
            text.KeepResult(ControlBlock.HolderResult);
            text.Call(Syscall.exit_group, 0);
            text.Place(child);
            text.Write(ControlBlock.Holding, 2);
            text.Call(Syscall.futex, At(ControlBlock.Holding), 1, int.MaxValue);
        }

        Clock(trace, 0);
        text.Call(Syscall.rt_sigaction, 13, At(ControlBlock.DefaultAction), 0, 8);
        Steps(0, SealAt + 1 is var behind and > 0 ? behind : plan.Steps.Length, trace);
        Failure(null);
        return text.Lines;
    }

    /// <summary>The program that the part behind the seal is.</summary>
    public IReadOnlyList<ExpectedLine> WriteSealed()
    {
        text.Argument(0, (long)address);
        text.Enter();
        Flags(1, ended);
        Steps(SealAt + 1, plan.Steps.Length, trace: false);
        Failure(Pipe);
        return text.Lines;
    }

    private Slot? Pipe =>
        plan.FailureReport is null || plan.Steps.Skip(SealAt).Any(step => step is SpawnStep) ? plan.Slots[^1] : null;

    // The reports, and the inputs that are used behind the seal.
    private Slot[] Kept =>
        [
            .. new[] { Pipe, plan.FailureReport }.OfType<Slot>(),
            .. plan
                .Steps.Skip(SealAt + 1)
                .OfType<CallStep>()
                .SelectMany(call => call.Arguments)
                .Select(argument => argument.Slot)
                .OfType<Slot>()
                .Where(slot => slot.IsInput)
                .Distinct(),
        ];

    private int SealAt => plan.Steps.ToList().FindIndex(step => step is SealStep);

    private void Flags(int flags, Mark onError)
    {
        foreach (Slot slot in Kept)
        {
            text.ArgumentFrom(0, MemoryLayout.OffsetOf(slot));
            text.Argument(1, 2);
            text.Argument(2, flags);
            text.Call(Syscall.fcntl);
            text.IfFailed(onError);
        }
    }

    private void Steps(int first, int behind, bool trace)
    {
        for (int i = first; i < behind; i++)
        {
            text.Place(steps[i]);
            if (plan.Steps[i] is not JumpStep)
            {
                text.Write(ControlBlock.Step, i);
            }

            if (
                Executes(i)
                && (SealAt < 0 || i <= SealAt)
                && (!Executes(i - 1) || plan.Steps.Where((_, k) => !Executes(k)).Any(step => Leads(step, i)))
            )
            {
                text.Call(Syscall.rt_sigprocmask, 2, At(ControlBlock.SavedMask), 0, 8);
            }

            Step(plan.Steps[i], i);
            Clock(trace, i + 1);
        }

        text.Call(Syscall.exit_group, 0);
    }

    private void Failure(Slot? pipe)
    {
        text.Place(failed);
        text.KeepErrno(ControlBlock.StepErrno);
        text.Place(reported);
        text.IfMemory((ulong)At(ControlBlock.Errno), 8, ulong.MaxValue, 0, equal: false, ended);
        text.TakeResult(ControlBlock.Step);
        text.KeepResult(ControlBlock.FailedStep);
        text.TakeResult(ControlBlock.StepErrno);
        text.KeepResult(ControlBlock.Errno);
        Report(plan.FailureReport);
        Report(pipe);
        text.Place(ended);
        text.Call(Syscall.exit_group, 125);
    }

    private void Report(Slot? report)
    {
        if (report is not null)
        {
            text.ArgumentFrom(0, MemoryLayout.OffsetOf(report));
            text.Argument(1, At(ControlBlock.FailedStep));
            text.Argument(2, 16);
            text.Call(Syscall.write);
        }
    }

    private void Step(Step step, int index)
    {
        switch (step)
        {
            case CallStep call:
                Call(call, index);
                break;
            case CheckStep check:
                Mark fine = new();
                ulong place = (ulong)At(layout.OffsetOf(check.Memory) + check.Offset);
                text.IfMemory(place, check.Width, check.Mask, check.Expected, !check.MustDiffer, fine);
                if (check.Otherwise is { } label)
                {
                    text.GoTo(steps[label.Target]);
                }
                else
                {
                    Fail(check.Failure);
                }

                text.Place(fine);
                break;
            case StoreStep store:
                text.Copy(
                    MemoryLayout.OffsetOf(store.Source),
                    (ulong)At(layout.OffsetOf(store.Memory) + store.Offset),
                    store.Width
                );
                break;
            case AddressStep pointer:
                text.WriteAt(
                    (ulong)At(layout.OffsetOf(pointer.Memory) + pointer.Offset),
                    At(layout.OffsetOf(pointer.Source))
                );
                break;
            case JumpStep jump:
                text.GoTo(steps[jump.Target.Target]);
                break;
            case GateStep gate:
                text.OrderWrites();
                text.Write(ControlBlock.Progress, gate.Gate);
                text.Call(Syscall.futex, At(ControlBlock.Progress), 1, int.MaxValue);
                text.Call(Syscall.ppoll, At(ControlBlock.GatePoll), 2, 0, 0, 8);
                text.ArgumentFrom(0, ControlBlock.GateDescriptor);
                text.Argument(1, At(ControlBlock.GateValue));
                text.Argument(2, 8);
                text.Call(Syscall.read);
                text.IfFailed(failed);
                break;
            case SealStep seal:
                Flags(0, failed);
                Call(seal.Execution, index);
                break;
            case SpawnStep spawn:
                Mark next = new();
                bool isSealed = SealAt >= 0 && SealAt < index;
                if (isSealed)
                {
                    text.Call(Syscall.prctl, 4, 0, 0, 0, 0);
                    text.Call(Syscall.clone, (long)(spawn.Flags | CloneFlags.CLONE_PARENT), 0, 0, 0, 0);
                }
                else
                {
                    text.Call(Syscall.clone3, At(ControlBlock.SpawnArguments), 88);
                }

                text.IfFailed(failed);
                text.IfResult(0, next);
                if (isSealed)
                {
                    text.KeepErrno(ControlBlock.Errno);
                    text.TakeResult(ControlBlock.Step);
                    text.KeepResult(ControlBlock.FailedStep);
                    Report(Pipe);
                }

                text.Call(Syscall.exit_group, 0);
                text.Place(next);
                break;
            case FailStep fail:
                Fail(fail.Errno);
                break;
            default:
                throw new InvalidOperationException($"no expectation for {step.GetType().Name}");
        }
    }

    private void Call(CallStep call, int index)
    {
        Mark again = new();
        text.Place(again);
        for (int i = 0; i < call.Arguments.Length; i++)
        {
            Argument argument = call.Arguments[i];
            if (argument.Kind == ArgumentKind.Slot)
            {
                text.ArgumentFrom(i, MemoryLayout.OffsetOf(argument.Slot!));
                continue;
            }

            text.Argument(
                i,
                argument.Kind switch
                {
                    ArgumentKind.Immediate => argument.ValueFor(text.Architecture),
                    ArgumentKind.SlotAddress => At(MemoryLayout.OffsetOf(argument.Slot!)),
                    ArgumentKind.Scratch => At(layout.OffsetOf(argument.Memory!)) + argument.Value,
                    _ => At(layout.OffsetOfConstant(index, i)),
                }
            );
        }

        Mark done = new();
        text.Call(call.Call);
        if (call.Call == Syscall.openat2)
        {
            text.IfResult(-(int)Errno.EAGAIN, again);
        }

        foreach (Errno errno in call.Tolerated)
        {
            text.IfResult(-(int)errno, done);
        }

        foreach (Branch branch in call.Branches)
        {
            text.IfResult(-(int)branch.Errno, steps[branch.Target.Target]);
        }

        text.IfFailed(failed);
        text.Place(done);
        if (call.Result is { } slot)
        {
            text.KeepResult(MemoryLayout.OffsetOf(slot));
        }
    }

    private static bool Leads(Step step, int target) =>
        step switch
        {
            CallStep call => call.Branches.Any(branch => branch.Target.Target == target),
            CheckStep check => check.Otherwise?.Target == target,
            JumpStep jump => jump.Target.Target == target,
            _ => false,
        };

    private bool Executes(int step) =>
        step >= 0 && plan.Steps[step] is CallStep { Call: Syscall.execve or Syscall.execveat } or SealStep;

    private void Fail(Errno errno)
    {
        text.Write(ControlBlock.StepErrno, (int)errno);
        text.GoTo(reported);
    }

    private void Clock(bool trace, int position)
    {
        if (trace)
        {
            text.Call(Syscall.clock_gettime, 1, At(layout.TraceOffset + (position * 16)));
        }
    }

    private long At(int offset) => (long)address + offset;
}
