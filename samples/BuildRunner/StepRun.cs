using System.Diagnostics;
using Tare.Linux.Abi;
using Tare.Processes;

namespace BuildRunner;

/// <summary>
/// Runs one step with its output going to the log line by line, as it comes. The step leads a session of its own and dies with
/// this program; what it leaves running is ended with it where cgroups can be had.
/// </summary>
internal static class StepRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs it to its end, or until its time is up or the build is cancelled.</summary>
    /// <returns>What a shell would call its status; 124 where its time was up, as timeout(1) has it.</returns>
    public static async Task<int> RunAsync(Step step, Action<string> log, CancellationToken cancellation)
    {
        using ControlGroup? group = Environment.IsPrivilegedProcess ? ControlGroup.Create() : null;
        await using ChildProcess shell = ChildProcess.Start(
            new ProcessStartOptions("sh", "-ec", step.Command)
            {
                StandardInput = ChildStream.Null,
                StandardOutput = ChildStream.Pipe,
                StandardError = ChildStream.StandardOutput,
                NewSession = true,
                KillOnParentExit = true,
                ControlGroup = group,
            }
        );
        long begin = Stopwatch.GetTimestamp();
        Task logging = LogAsync(shell.StandardOutput!, log);
        int status;
        string end;
        try
        {
            ProcessExit exit = await shell
                .WaitForExitAsync(CancellationToken.None)
                .WaitAsync(step.Timeout, cancellation);
            status = exit.Status.ToShellStatus();
            end =
                $"{exit} after {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.00} s, "
                + $"{exit.Usage.CpuTime.TotalSeconds:0.00} s of processor";
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            bool isCancelled = over is OperationCanceledException;
            ProcessExit exit = await shell.StopAsync(Grace, Signal.SIGTERM, CancellationToken.None);
            status = isCancelled ? 130 : 124;
            end = $"{(isCancelled ? "cancelled" : $"not done in {step.Timeout.TotalSeconds:0.##} s")}: {exit}";
        }

        // What the step left running holds the pipe open.
        group?.Kill();
        await logging;
        log(end);
        return status;
    }

    private static async Task LogAsync(Stream output, Action<string> log)
    {
        using StreamReader lines = new(output);
        while (await lines.ReadLineAsync() is { } line)
        {
            log(line);
        }
    }
}
