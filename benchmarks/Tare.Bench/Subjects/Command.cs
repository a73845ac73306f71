using System.Diagnostics;
using Tare.Bench.Measuring;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Bench.Subjects;

/// <summary>
/// A command line that is launched again and again: in a mount namespace, with the null device as standard streams. Its
/// time is taken from before the clone until it has been waited for.
/// </summary>
internal sealed class Command
{
    /// <summary>All that commands get.</summary>
    public static readonly string[] Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];

    private static readonly FileFd Nothing = Files
        .OpenAt(null, "/dev/null", OpenFlags.O_RDWR)
        .OrThrow("open '/dev/null'");
    private readonly string words;
    private readonly LaunchPlan plan;
    private readonly LaunchInputs inputs = new();

    public Command(MountView view, params string[] words)
    {
        this.words = string.Join(' ', words);
        LaunchPlanBuilder builder = new();
        Slot ns = builder.NewInput("the mount namespace");
        Slot nothing = builder.NewInput("the null device");
        builder.Call("enter the mount namespace", Syscall.setns, ns, Argument.Flags(CloneFlags.CLONE_NEWNS));
        for (int stream = 0; stream <= 2; stream++)
        {
            builder.Call("attach the null device", Syscall.dup3, nothing, stream, 0);
        }

        builder.Call(
            $"execute '{words[0]}'",
            Syscall.execve,
            words[0],
            Argument.Texts(words),
            Argument.Texts(Environment)
        );
        plan = builder.Build();
        inputs.Add(ns, view.Namespace).Add(nothing, Nothing);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="status">How it ended.</param>
    public TimeSpan Run(out ExitStatus status)
    {
        long begin = Stopwatch.GetTimestamp();
        using LaunchedProcess process = Launcher.Launch(plan, inputs);
        WaitOutcome outcome = PidFds.Wait(process.Process).OrThrow("wait for", words)!.Value;
        TimeSpan taken = Stopwatch.GetElapsedTime(begin);
        status = outcome.Status;
        return taken;
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    public TimeSpan Run()
    {
        TimeSpan taken = Run(out ExitStatus status);
        return status.Success ? taken : throw new BenchException($"'{words}' ended with {status}");
    }
}
