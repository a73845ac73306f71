using System.Text;
using Tare.Bench.Measuring;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Bench.Subjects;

/// <summary>
/// What a command prints. Launched as the measured ones are: System.Diagnostics.Process would have the runtime handle
/// SIGCHLD from then on, which every later launch would pay for.
/// </summary>
internal static class CommandOutput
{
    private const int Limit = 1 << 20;

    /// <summary>The lines of its standard output; standard error stays the caller's.</summary>
    public static string[] Lines(params string[] words)
    {
        (PipeFd reading, PipeFd writing) = Pipes.Create().OrThrow("make a pipe");
        using (reading)
        {
            LaunchPlanBuilder plan = new();
            Slot output = plan.NewInput("the output");
            plan.Call("attach the output", Syscall.dup3, output, 1, 0);
            plan.Call(
                $"execute '{words[0]}'",
                Syscall.execve,
                words[0],
                Argument.Texts(words),
                Argument.Texts(Command.Environment)
            );
            LaunchedProcess process;
            using (writing)
            {
                process = Launcher.Launch(plan.Build(), new LaunchInputs().Add(output, writing));
            }

            using (process)
            {
                string text = Encoding.UTF8.GetString(Files.ReadToEnd(reading, Limit).OrThrow("read from", words[0]));
                WaitOutcome outcome = PidFds.Wait(process.Process).OrThrow("wait for", words[0])!.Value;
                return outcome.Status.Success
                    ? text.Split('\n')
                    : throw new BenchException($"'{string.Join(' ', words)}' ended with {outcome.Status}");
            }
        }
    }
}
