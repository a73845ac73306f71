using Tare.Cli.CommandLine;
using Tare.Cli.Reporting;
using Tare.Cli.Running;
using Tare.Cli.Sandbox;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.HostView;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary><c>tare try</c>: runs a command, shows what it changed, and does with that what is asked for.</summary>
internal static class TryVerb
{
    private const FileModes ReportMode = (FileModes)0x1A4; // rw-r--r--

    /// <summary>Does it.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="begin">When this process began.</param>
    /// <returns>The exit status.</returns>
    public static int Run(TryOptions options, long begin)
    {
        KeptViews views = LayerPlace.Open(Caller.Read(), options.State);
        Sweep.Run(views);
        if (options.List)
        {
            KeptList.Write(views, options.Json);
            return 0;
        }

        using FileFd? report = options.JsonFile is { } path
            ? Files
                .OpenAt(null, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC, ReportMode)
                .OrThrow("open", path, "--json writes the changes there")
            : null;
        if (options.Resume is { } id)
        {
            using KeptView kept = views.Open(id);
            return new Decision(options, kept, kept.ExitCode ?? 0, report).Take(0);
        }

        return RunCommand(options, views, report, begin);
    }

    private static int RunCommand(TryOptions options, KeptViews views, FileFd? file, long begin)
    {
        KeptView? view = null;
        try
        {
            RunOptions run = options.Run! with { LayerRoot = views.Root };
            RunReport report = SandboxRun.Run(run, begin, tells: true, Keep);
            if (report.Error is { } error)
            {
                Log.Error(error);
            }

            if (report.Ended is null || view is null)
            {
                view?.Drop();
                return report.ExitCode;
            }

            view.End(report.ExitCode);
            return new Decision(options, view, report.ExitCode, file).Take(report.ExitCode);
        }
        catch when (view is { ExitCode: null })
        {
            view.Drop();
            throw;
        }
        finally
        {
            view?.Dispose();
        }

        string Keep(HostLayout layout)
        {
            ChangedPart[] parts =
            [
                .. HostLayoutSteps
                    .LayersOf(layout)
                    .Select(pair =>
                        new ChangedPart(pair.Part.Path, pair.Part.Source ?? pair.Part.Path, pair.Layer).Identified()
                    ),
            ];
            view = views.Create(options.Run!.Command, parts, TimeProvider.System.GetUtcNow());
            return view.LayersPath;
        }
    }
}
