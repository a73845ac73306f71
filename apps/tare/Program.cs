using System.Diagnostics;
using Tare.Cli.CommandLine;
using Tare.Cli.Doctor;
using Tare.Cli.Explaining;
using Tare.Cli.Inspecting;
using Tare.Cli.Listing;
using Tare.Cli.Recordings;
using Tare.Cli.Running;
using Tare.Cli.Trying;
using Tare.Cli.Watching;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime;
using Tare.Runtime.Validation;

namespace Tare.Cli;

/// <summary>The program <c>tare</c>: understands its command line, does what it says, reports on one line.</summary>
internal static class Program
{
    /// <summary>The exit status where Tare itself failed.</summary>
    public const int Failed = 125;

    private const int Misunderstood = 2;

    private static int Main(string[] args)
    {
        long begin = Stopwatch.GetTimestamp();
        Output.Begin();
        int status = Run(args, begin);

        // Nothing is left to be unwound: everything that must not outlive the program was released by its owner.
        Linux.Processes.Exit(status);
        return status;
    }

    private static int Run(string[] args, long begin)
    {
        try
        {
            if (OwnArguments.FindAltered(args) is var altered and > 0)
            {
                throw new UsageException(
                    $"argument {altered} is not UTF-8 (rename the file, or pass the bytes in a file)"
                );
            }

            return Do(Syntax.Parse(args), begin);
        }
        catch (UsageException e)
        {
            Log.Usage(
                e.Message,
                args.Length > 0
                && args[0] is "run" or "try" or "record" or "explain" or "doctor" or "ps" or "top" or "inspect"
                    ? args[0]
                    : null
            );
            return Misunderstood;
        }
        catch (KernelException e) when (e.Errno == Errno.EPIPE)
        {
            // Whoever asked for the output has read enough of it.
            return 128 + (int)Signal.SIGPIPE;
        }
        catch (Exception e) when (IsExpected(e))
        {
            Log.Error(e.Message);
            return Failed;
        }
    }

    private static int Do(Request request, long begin)
    {
        switch (request)
        {
            case Request.Page page:
                Output.Write(page.Text);
                return 0;
            case Request.Run run:
                return RunVerb.Run(run.Options, begin);
            case Request.Try attempt:
                return TryVerb.Run(attempt.Options, begin);
            case Request.Record record:
                return RecordVerb.Run(record.Options);
            case Request.Explain explain:
                return Explanation.Run(explain.Options);
            case Request.Doctor doctor:
                return DoctorVerb.Run(doctor.Json, begin);
            case Request.List list:
                return ListVerb.Run(list.Options);
            case Request.Watch watch:
                return WatchVerb.Run(watch.Options);
            case Request.Inspect inspect:
                return InspectVerb.Run(inspect.Options);
            default:
                throw new InvalidOperationException($"{request} is not answered");
        }
    }

    /// <summary>What a person can do something about; anything else is a defect and shows where it happened.</summary>
    private static bool IsExpected(Exception e) =>
        e
            is ContainerException
                or KernelException
                or OciFormatException
                or SpecException
                or LaunchException
                or NotSupportedException;
}
