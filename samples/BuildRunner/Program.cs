using System.Runtime.InteropServices;
using BuildRunner;

// BuildRunner FILE: runs the steps in the file one after the other, until one fails.
// Interrupting it (SIGINT, SIGTERM) stops the step that runs, and nothing of it is left.
if (args is not [string file])
{
    await Console.Error.WriteLineAsync("usage: BuildRunner FILE");
    return 2;
}

using CancellationTokenSource cancelled = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

foreach (Step step in Step.ReadAll(file))
{
    Console.WriteLine($"== {step.Name}");
    int status = await StepRun.RunAsync(step, line => Console.WriteLine($"{step.Name} | {line}"), cancelled.Token);
    if (status != 0)
    {
        Console.WriteLine($"== failed in {step.Name}: {status}");
        return status;
    }
}

Console.WriteLine("== done");
return 0;

void Cancel(PosixSignalContext context)
{
    context.Cancel = true;
    cancelled.Cancel();
}
