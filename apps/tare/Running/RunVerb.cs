using System.Text;
using Tare.Cli.CommandLine;
using Tare.Cli.Reporting;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Running;

/// <summary><c>tare run</c>: runs the command and tells what was asked for about it.</summary>
internal static class RunVerb
{
    private const FileModes ReportMode = (FileModes)0x1A4; // rw-r--r--

    /// <summary>Runs.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="begin">When this process began.</param>
    /// <returns>The exit status.</returns>
    public static int Run(RunOptions options, long begin)
    {
        using FileFd? file = options.JsonFile is { } path ? OpenReport(path) : null;
        RunReport report = SandboxRun.Run(options, begin, tells: true);
        if (report.Error is { } error)
        {
            Log.Error(error);
        }

        if (options.Json)
        {
            string line = RunReportJson.Format(report);
            if (file is null)
            {
                Output.WriteError(line);
            }
            else
            {
                Files.WriteAll(file, Encoding.UTF8.GetBytes(line)).OrThrow("write", options.JsonFile);
            }
        }
        else
        {
            Tell(options, report);
        }

        return report.ExitCode;
    }

    private static void Tell(RunOptions options, RunReport report)
    {
        if (options.Trace)
        {
            RunReportText.WriteTrace(report);
        }

        if (options.Statistics)
        {
            RunReportText.WriteStatistics(report);
        }
    }

    // Before anything runs, so that a report that cannot be kept is no surprise at the end.
    private static FileFd OpenReport(string path) =>
        Files
            .OpenAt(null, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, ReportMode)
            .OrThrow("open", path, "--json writes its report there");
}
