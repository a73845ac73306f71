using System.Diagnostics;
using Tare.Cli.CommandLine;
using Tare.Cli.Reporting;
using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Consoles;
using Tare.Runtime.Containers;
using Tare.Runtime.HostView;
using Tare.Runtime.State;

namespace Tare.Cli.Running;

/// <summary>One <c>tare run</c> from beginning to end.</summary>
internal sealed class SandboxRun : IDisposable
{
    private const int TimedOut = 124;
    private readonly bool tells;
    private readonly Func<HostLayout, string>? keep;
    private readonly Caller caller;
    private readonly Rollback rollback = new();
    private SandboxCgroup cgroup;

    private SandboxRun(RunOptions options, bool tells, Func<HostLayout, string>? keep)
    {
        this.keep = keep;
        this.tells = tells;
        caller = Caller.Read();
        cgroup = SandboxCgroup.Choose(options, caller, SandboxCgroup.NewId());
    }

    /// <summary>Runs the command.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="begin">When this process began, as <see cref="Stopwatch"/> tells time.</param>
    /// <param name="tells">What cannot be had is told at once, not only in the report.</param>
    /// <param name="keep">See <see cref="SandboxPlan.Make"/>.</param>
    public static RunReport Run(RunOptions options, long begin, bool tells, Func<HostLayout, string>? keep = null)
    {
        using SandboxRun run = new(options, tells, keep);
        run.MakeCgroup();
        foreach (LeftOut limit in tells ? run.cgroup.LeftOut : [])
        {
            Log.LeftOut(limit);
        }

        return run.Launch(begin) with
        {
            LeftOut = run.cgroup.LeftOut,
        };
    }

    /// <summary>Removes what was made.</summary>
    public void Dispose()
    {
        rollback.Dispose();
        cgroup.Dispose();
    }

    private RunReport Launch(long begin)
    {
        using SandboxPlan plan = SandboxPlan.Make(cgroup.Options, caller, cgroup.Cgroup, keep);
        using SignalPipe signals = SignalPipe.Open(Supervision.Forwarded).OrThrow("catch signals");
        try
        {
            LaunchOptions options = new() { Trace = cgroup.Options.Trace, KillLauncherBefore = KillBefore() };
            using SandboxLaunch launch = SandboxLaunch.Begin(plan, cgroup, options);
            return Supervise(plan, launch, signals, Stopwatch.GetElapsedTime(begin));
        }
        catch (LaunchException e)
        {
            return new RunReport { ExitCode = LaunchWords.StatusOf(e, plan), Error = LaunchWords.Describe(e, plan) };
        }
    }

    private RunReport Supervise(SandboxPlan plan, SandboxLaunch launch, SignalPipe signals, TimeSpan start)
    {
        long begin = Stopwatch.GetTimestamp();
        string[] readOnly = [.. plan.ShownReadOnly(launch.Process)];
        foreach (string path in tells ? readOnly : [])
        {
            Log.ShownReadOnly(path);
        }

        Ending ending = new Supervision(launch.Process, signals, launch.Relay, cgroup.Options.Timeout).Wait();
        TimeSpan wall = Stopwatch.GetElapsedTime(begin);
        CgroupStatistics? counted = cgroup.Cgroup is { } groups ? CgroupReading.Read(groups) : null;
        if (ending.TimedOut)
        {
            Log.TimedOut(cgroup.Options.Timeout!.Value);
        }

        if (cgroup.Options.Memory is { } limit && counted?.OomKills > 0)
        {
            Log.OutOfMemory(limit);
        }

        return new RunReport
        {
            ExitCode = ending.TimedOut ? TimedOut : ending.Status.ToShellStatus(),
            Ended = ending.Status,
            TimedOut = ending.TimedOut,
            OutOfMemoryKills = counted?.OomKills ?? 0,
            Statistics = RunStatistics.Of(start, wall, ending.Usage, counted),
            Trace = launch.Process.Trace,
            Plan = plan.Planned.Plan,
            ShownReadOnly = readOnly,
        };
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
            state.Announce(SandboxState.RecordOf(cgroup.Id, caller, groups));
            groups.Make(rollback);
            groups.ApplyLimits(SandboxSpec.ResourcesOf(cgroup.Options, groups.CountsSwap));
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
        LaunchOptions.IndexOf(Environment.GetEnvironmentVariable("TARE_KILL_BEFORE_STEP"));
}
