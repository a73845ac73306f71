using System.Runtime.InteropServices;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps that set what a process has by itself: limits, how it is scheduled, how it ends, who may look into it.</summary>
public static class ProcessCalls
{
    private const int ThisProcess = 1; // IOPRIO_WHO_PROCESS
    private const int ClassShift = 13;

    /// <summary>Sets a resource limit. prlimit(2).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="value">Soft and hard limit, in the resource's unit.</param>
    /// <param name="verb">What the words begin with.</param>
    public static void SetLimit(LaunchPlanBuilder plan, ResourceLimit resource, RLimit64 value, string verb = "set") =>
        plan.Call(
            $"{verb} {ResourceLimits.NameOf(resource)}",
            Syscall.prlimit64,
            0,
            Argument.Flags(resource),
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<RLimit64>(in value))),
            Argument.Null
        );

    /// <summary>Says how readily the process is killed for want of memory; through procfs by path, so before the root changes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="score">-1000, never, to 1000, first.</param>
    public static void SetOomScore(LaunchPlanBuilder plan, int score)
    {
        string words = $"set oom_score_adj to {score}";
        byte[] text = Encoding.UTF8.GetBytes(score.ToString());
        Slot file = plan.NewSlot("oom_score_adj");
        plan.CallInto(
            file,
            words,
            Syscall.openat,
            Argument.WorkingDirectory,
            "/proc/self/oom_score_adj",
            Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
        );
        plan.Call(words, Syscall.write, file, Argument.Struct(text), text.Length);
    }

    /// <summary>
    /// Gives signals their default action. Left out are SIGKILL and SIGSTOP, of which nothing can be changed, and SIGPIPE, which
    /// every launch gives back. sigaction(2).
    /// </summary>
    public static void ResetSignals(LaunchPlanBuilder plan, SignalSet signals)
    {
        foreach (Signal signal in signals.Without(Signal.SIGKILL).Without(Signal.SIGSTOP).Without(Signal.SIGPIPE))
        {
            string words = $"have the default action on {SignalNames.NameOf(signal)}";
            SetAction(plan, words, signal, SignalAction.Default);
        }
    }

    /// <summary>Has a signal ignored, also by the program that is executed. sigaction(2).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="words">What for; null says only what is done.</param>
    public static void IgnoreSignal(LaunchPlanBuilder plan, Signal signal, string? words = null) =>
        SetAction(plan, words ?? $"ignore {SignalNames.NameOf(signal)}", signal, SignalAction.Ignore);

    /// <summary>Sets policy, nice value and priority. sched_setattr(2).</summary>
    public static void SetScheduling(LaunchPlanBuilder plan, string words, SchedulingAttribute attribute) =>
        plan.Call(
            words,
            Syscall.sched_setattr,
            0,
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<SchedulingAttribute>(in attribute))),
            0
        );

    /// <summary>Sets class and priority of the process's I/O. ioprio_set(2).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ioClass">The class.</param>
    /// <param name="priority">From 0, the highest, to 7.</param>
    public static void SetIoPriority(LaunchPlanBuilder plan, IoPriorityClass ioClass, int priority) =>
        plan.Call(
            $"set the I/O priority {ioClass} {priority}",
            Syscall.ioprio_set,
            ThisProcess,
            0,
            Argument.Number(((long)ioClass << ClassShift) | (uint)priority, ArgumentFormat.Hex)
        );

    /// <summary>Keeps the process to some processors. sched_setaffinity(2).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">What for.</param>
    /// <param name="mask">A bit for each processor, the lowest first; a multiple of eight bytes.</param>
    public static void SetProcessors(LaunchPlanBuilder plan, string words, ReadOnlySpan<byte> mask) =>
        plan.Call(words, Syscall.sched_setaffinity, 0, mask.Length, Argument.Struct(mask));

    /// <summary>Nobody with the same rights may trace the process until it executes something. PR_SET_DUMPABLE.</summary>
    public static void CloseToPtrace(LaunchPlanBuilder plan) =>
        plan.Call(
            "close the process to ptrace",
            Syscall.prctl,
            Argument.Flags(PrctlOption.PR_SET_DUMPABLE),
            0,
            0,
            0,
            0
        );

    /// <summary>No execve gives more rights from here on. PR_SET_NO_NEW_PRIVS.</summary>
    public static void SetNoNewPrivileges(LaunchPlanBuilder plan) =>
        plan.Call("set no_new_privs", Syscall.prctl, Argument.Flags(PrctlOption.PR_SET_NO_NEW_PRIVS), 1, 0, 0, 0);

    /// <summary>
    /// Ends the process with the thread that launches it, by SIGKILL; ESRCH where that has ended before. The signal is
    /// forgotten whenever credentials change or a process is made, so this comes after them. PR_SET_PDEATHSIG.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="launcher">The number that a pidfd of the launching process has been given; null is that of <see cref="LaunchPlanBuilder.Launcher"/>.</param>
    public static void DieWithLauncher(LaunchPlanBuilder plan, int? launcher = null)
    {
        const string Words = "make sure that the launcher is still there";
        PollDescriptor entry = new() { Descriptor = launcher ?? 0, Events = PollEvents.POLLIN };
        Scratch poll = plan.NewScratch(
            "the launcher's pollfd",
            MemoryMarshal.AsBytes(new ReadOnlySpan<PollDescriptor>(in entry))
        );
        plan.Call(
            "die with the launcher",
            Syscall.prctl,
            Argument.Flags(PrctlOption.PR_SET_PDEATHSIG),
            Argument.Flags(Signal.SIGKILL)
        );

        // Who died before is found by looking.
        Scratch atOnce = plan.NewScratch("no time", 16);
        if (launcher is null)
        {
            plan.Add(new StoreStep(Words, plan.Launcher, poll, 0, 4));
        }

        plan.Call(Words, Syscall.ppoll, poll, 1, atOnce, Argument.Null, 8);
        plan.Add(new CheckStep(Words, poll, 6, 2, 0xFFFF, 0) { Failure = Errno.ESRCH });
    }

    private static void SetAction(LaunchPlanBuilder plan, string words, Signal signal, nint handler)
    {
        SignalAction action = new() { Handler = handler };
        plan.Call(
            words,
            Syscall.rt_sigaction,
            Argument.Flags(signal),
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<SignalAction>(in action))),
            Argument.Null,
            8
        );
    }
}
