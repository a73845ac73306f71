using System.Diagnostics;
using System.Globalization;
using Tare.Cli.CommandLine;
using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.Containers;
using Tare.Runtime.State;

namespace Tare.Cli.Running;

/// <summary>One <c>tare run</c> from beginning to end.</summary>
internal sealed class SandboxRun : IDisposable
{
    private readonly Caller caller;
    private readonly Rollback rollback = new();
    private SandboxCgroup cgroup;

    private SandboxRun(RunOptions options)
    {
        caller = Caller.Read();
        cgroup = SandboxCgroup.Choose(options, caller);
    }

    /// <summary>Runs the command.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="begin">When this process began, as <see cref="Stopwatch"/> tells time.</param>
    /// <returns>The exit status.</returns>
    public static int Run(RunOptions options, long begin)
    {
        using SandboxRun run = new(options);
        run.MakeCgroup();
        foreach (LeftOut limit in run.cgroup.LeftOut)
        {
            Log.LeftOut(limit);
        }

        return run.Launch(begin);
    }

    /// <summary>Removes what was made.</summary>
    public void Dispose()
    {
        rollback.Dispose();
        cgroup.Dispose();
    }

    private int Launch(long begin)
    {
        SandboxPlan plan = SandboxPlan.Make(cgroup.Options, caller, cgroup.Cgroup);
        try
        {
            return Launch(plan, begin);
        }
        catch (LaunchException e)
        {
            Log.Error(LaunchWords.Describe(e, plan));
            return LaunchWords.StatusOf(e, plan);
        }
    }

    private int Launch(SandboxPlan plan, long begin)
    {
        using SignalPipe signals = SignalPipe.Open(Supervision.Forwarded).OrThrow("catch signals");
        using SandboxLaunch launch = SandboxLaunch.Begin(
            plan,
            cgroup,
            new LaunchOptions { Trace = cgroup.Options.Trace, KillLauncherBefore = KillBefore() }
        );
        TimeSpan started = Stopwatch.GetElapsedTime(begin);
        foreach (string path in plan.ShownReadOnly(launch.Process))
        {
            Log.ShownReadOnly(path);
        }

        Ending ending = new Supervision(launch.Process, signals, launch.Relay, cgroup.Options.Timeout).Wait();
        if (ending.TimedOut)
        {
            Log.TimedOut(cgroup.Options.Timeout!.Value);
        }

        return ending.TimedOut ? 124 : ending.Status.ToShellStatus();
    }

    // What is about to be made is on record first, so that whoever finds the record without its owner can remove it.
    private void MakeCgroup()
    {
        StateStore? store = SandboxState.Open(caller);
        if (store is not null)
        {
            Abandoned.Sweep(store);
        }

        if (cgroup.Cgroup is not { } groups)
        {
            return;
        }

        try
        {
            StateDirectory state = SandboxState.Reserve(store, cgroup.Id);
            rollback.Push(() =>
            {
                state.Remove();
                state.Dispose();
            });
            groups.Survey();
            state.Write(SandboxState.RecordOf(cgroup.Id, caller, groups));
            groups.Make(rollback);
            groups.Apply(SandboxSpec.ResourcesOf(cgroup.Options));
        }
        catch (Exception e) when (e is KernelException or ContainerException && MayGoWithout)
        {
            rollback.Dispose();
            cgroup.Dispose();
            cgroup = cgroup.GiveUp(e.Message);
        }
    }

    private bool MayGoWithout => cgroup.Options.BestEffort || !cgroup.Options.HasLimits;

    // For tests: the launch kills this process before that step.
    private static int KillBefore() =>
        int.TryParse(
            Environment.GetEnvironmentVariable("TARE_KILL_BEFORE_STEP"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int step
        )
            ? step
            : -1;
}
