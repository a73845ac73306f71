using Tare.Launch;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// A start that has been checked and planned once and can be made any number of times, from any thread. What the options
/// leave to this process, its environment above all, is as it was when this was made.
/// </summary>
public sealed class PreparedStart
{
    private readonly ProcessStartOptions options;
    private readonly bool repeats;
    private StartPlan? running;
    private StartPlan? suspended;
    private StartPlan? open;

    /// <summary>Checks and plans. Nothing is opened, made or looked at but the environment.</summary>
    /// <exception cref="ArgumentException">The options ask for what no process can be.</exception>
    public PreparedStart(ProcessStartOptions options)
        : this(options, repeats: true) => running = PlanRunning();

    private PreparedStart(ProcessStartOptions options, bool repeats)
    {
        StartChecks.Check(options);
        this.repeats = repeats;
        this.options = options with { Environment = options.Environment ?? ProcessEnvironment.Current() };
    }

    /// <summary>
    /// The system calls that a start makes, for people: <see cref="Tare.Launch.Printing.LaunchPlanText.Format"/> prints them,
    /// the environment too.
    /// </summary>
    public LaunchPlan Plan => (running ??= PlanRunning()).Plan;

    /// <summary>For one start: it keeps no memory for others.</summary>
    internal static PreparedStart Once(ProcessStartOptions options) => new(options, repeats: false);

    /// <summary>By a plan of such options, whose inputs are those of these.</summary>
    internal static PreparedStart By(StartPlan plan, ProcessStartOptions options) =>
        new(options, repeats: true) { running = plan };

    /// <summary>Starts a process; returns once its program is executed.</summary>
    /// <exception cref="ProcessStartException">It could not be started. Nothing is left.</exception>
    public ChildProcess Start() => Start(null);

    /// <summary>The same; somebody looks at the process before it is waited for, when its number is certainly its own.</summary>
    internal ChildProcess Start(Action<LaunchedProcess>? look)
    {
        StartPlan plan = running ??= PlanRunning();
        using StartStreams streams = StartStreams.Open(options);
        return Marked(() =>
        {
            using PendingLaunch pending = Begin(plan, streams);
            return Begun(Complete(plan, pending), streams, look);
        });
    }

    /// <summary>Makes a process that waits just before it executes its program.</summary>
    /// <exception cref="ProcessStartException">It could not be made. Nothing is left.</exception>
    public SuspendedProcess StartSuspended() =>
        StartSuspended(suspended ??= StartPlanner.Plan(options, suspends: true, repeats: repeats));

    /// <summary>The same of a process whose program is given when it is resumed; that of the options is only a name.</summary>
    internal SuspendedProcess StartSuspendedWithoutProgram() =>
        StartSuspended(open ??= StartPlanner.Plan(options, suspends: true, late: true, repeats: repeats));

    private StartPlan PlanRunning() => StartPlanner.Plan(options, suspends: false, repeats: repeats);

    private SuspendedProcess StartSuspended(StartPlan plan) => Marked(() => Suspend(plan));

    // A process that bears the mark of orphans is known to be none only once it is there.
    private T Marked<T>(Func<T> start)
    {
        if (!options.AdoptOrphans)
        {
            return start();
        }

        lock (OrphanMark.Starting)
        {
            return start();
        }
    }

    private SuspendedProcess Suspend(StartPlan plan)
    {
        StartStreams streams = StartStreams.Open(options);
        PendingLaunch? pending = null;
        try
        {
            pending = Begin(plan, streams);
            WaitForGate(plan, pending, plan.SuspendGate);
            return new SuspendedProcess(
                this,
                plan,
                pending,
                streams,
                options.AdoptOrphans ? OrphanMark.Add(pending.ProcessId) : null
            );
        }
        catch
        {
            pending?.Dispose();
            streams.Dispose();
            throw;
        }
    }

    internal ChildProcess Resume(
        StartPlan plan,
        PendingLaunch pending,
        StartStreams streams,
        Action<LaunchedProcess>? look
    )
    {
        pending.OpenGate();
        return Begun(Complete(plan, pending), streams, look);
    }

    private ChildProcess Begun(LaunchedProcess launched, StartStreams streams, Action<LaunchedProcess>? look)
    {
        try
        {
            look?.Invoke(launched);
        }
        catch
        {
            launched.Kill();
            launched.Dispose();
            throw;
        }

        return new ChildProcess(
            launched,
            streams,
            options.ControlGroup,
            options.AdoptOrphans ? OrphanMark.Add(launched.ProcessId) : null
        );
    }

    // The child's parent is the thread that makes it, and dies with it where it is asked to.
    private PendingLaunch Begin(StartPlan plan, StartStreams streams)
    {
        LaunchInputs inputs = plan.Inputs(streams);
        options.ControlGroup?.CountMember();
        PendingLaunch pending;
        try
        {
            pending = options.KillOnParentExit
                ? ParentThread.Run(() => Launcher.Begin(plan.Plan, inputs, plan.Options))
                : Launcher.Begin(plan.Plan, inputs, plan.Options);
        }
        catch (LaunchException failure)
        {
            throw plan.Failed(failure);
        }
        catch (KernelException failure)
        {
            throw new ProcessStartException(
                nameof(ProcessStartOptions.FileName),
                failure.Errno,
                null,
                $"start '{options.FileName}': {failure.Message}",
                failure
            );
        }

        try
        {
            if (plan.MapGate > 0)
            {
                WaitForGate(plan, pending, plan.MapGate);
                WriteMaps(pending);
                pending.OpenGate();
            }

            return pending;
        }
        catch
        {
            pending.Dispose();
            throw;
        }
    }

    private void WriteMaps(PendingLaunch pending)
    {
        try
        {
            UserMaps.Write(pending.ProcessId, options.Namespaces.Users, options.Namespaces.Groups);
        }
        catch (Exception failure) when (failure is KernelException or LaunchException)
        {
            throw new ProcessStartException(
                nameof(ProcessStartOptions.Namespaces),
                (failure as KernelException)?.Errno ?? ((LaunchException)failure).Failure.Errno,
                null,
                $"start '{options.FileName}': {failure.Message}",
                failure
            );
        }
    }

    // The child waits by calls that its filter lets through whatever it says, so that nobody need be asked yet.
    private void TakeListener(StartPlan plan, PendingLaunch pending)
    {
        try
        {
            pending.OpenToJoining();
            using PidFd child = PidFds.Open(pending.ProcessId).OrThrow("open the process");
            SystemCallLoop.Begin(
                Seccomp
                    .TakeListener(child, (int)pending[plan.Listener!])
                    .OrThrow(
                        "take the filter's listener",
                        hint: "this program must have the right to ptrace its child"
                    ),
                options.Seccomp!
            );
        }
        catch (KernelException failure)
        {
            throw new ProcessStartException(
                nameof(ProcessStartOptions.Seccomp),
                failure.Errno,
                null,
                $"start '{options.FileName}': {failure.Message}",
                failure
            );
        }
    }

    private static void WaitForGate(StartPlan plan, PendingLaunch pending, int gate)
    {
        try
        {
            pending.WaitForGate(gate);
        }
        catch (LaunchException failure)
        {
            throw plan.Failed(failure);
        }
    }

    private LaunchedProcess Complete(StartPlan plan, PendingLaunch pending)
    {
        if (plan.ListenerGate > 0)
        {
            WaitForGate(plan, pending, plan.ListenerGate);
            TakeListener(plan, pending);
            pending.OpenGate();
        }

        try
        {
            LaunchedProcess launched = pending.Complete(out LaunchRemains? remains);
            Reap(remains);
            return launched;
        }
        catch (LaunchException failure)
        {
            throw plan.Failed(failure);
        }
    }

    // Nobody waits for it: the program may have its processor.
    private static void Reap(LaunchRemains? remains)
    {
        if (remains is null)
        {
            return;
        }

        try
        {
            _ = new ExitWatch(remains.Holder).Ended.ContinueWith(
                (_, left) => ((LaunchRemains)left!).Release(),
                remains,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        catch (KernelException)
        {
            // It cannot be watched.
            remains.WaitAndRelease();
        }
    }
}
