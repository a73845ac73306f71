using System.Diagnostics;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>A program that launches and also starts processes in .NET's own way.</summary>
public sealed class OtherChildrenTests
{
    [Fact]
    public void Neither_takes_the_others_exit_codes()
    {
        const int Times = 100;
        int[] started = new int[Times];
        int[] launched = new int[Times];
        int[] gated = new int[Times];
        int[] failed = new int[Times];

        Parallel.Invoke(
            () => Repeat(started, Start),
            () => Repeat(launched, code => Launch(code, gates: false)),
            () => Repeat(gated, code => Launch(code, gates: true)),
            () => Repeat(failed, Fail)
        );

        int[] expected = [.. Enumerable.Range(0, Times)];
        Assert.Equal(expected, started);
        Assert.Equal(expected, launched);
        Assert.Equal(expected, gated);
        Assert.Equal(expected, failed);
    }

    [Fact]
    public void A_process_that_was_started_before_is_there_after_a_launch_that_failed()
    {
        using Process other = Process.Start("/bin/sleep", ["1000"]);
        Fail(1);
        using (LaunchedProcess process = Launcher.Launch(Plan("exit 1", gates: false)))
        {
            process.Kill();
        }

        Assert.False(other.HasExited);
        other.Kill();
        other.WaitForExit();
        Assert.Equal(137, other.ExitCode);
    }

    private static void Repeat(int[] results, Func<int, int> make)
    {
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = make(i);
        }
    }

    private static int Start(int code)
    {
        using Process process = Process.Start("/bin/sh", ["-c", $"exit {code}"]);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static int Launch(int code, bool gates)
    {
        using LaunchedProcess process = Launches.Make(Plan($"exit {code}", gates));
        return Launches.Wait(process);
    }

    private static int Fail(int code)
    {
        LaunchPlanBuilder plan = new();
        plan.Call("end", Syscall.exit_group, code == 0 ? 256 : code);
        LaunchPlan built = plan.Build();
        if (code == 0)
        {
            using LaunchedProcess process = Launcher.Launch(built);
            return Launches.Wait(process);
        }

        return Assert.Throws<LaunchException>(() => Launcher.Launch(built)).Failure.Ended!.Value.ExitCode!.Value;
    }

    private static LaunchPlan Plan(string script, bool gates)
    {
        LaunchPlanBuilder plan = new();
        if (gates)
        {
            plan.Gate("wait for the launcher");
        }

        plan.Shell(script);
        return plan.Build();
    }
}
