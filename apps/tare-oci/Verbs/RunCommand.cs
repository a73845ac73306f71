using Tare.Launch;
using Tare.Linux;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.State;

namespace Tare.OciCli.Verbs;

/// <summary><c>run</c>: a container from beginning to end; with <c>--detach</c> only its beginning.</summary>
internal static class RunCommand
{
    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        bool detached = arguments.Has("detach");
        using ConnectedSockets sockets = new();
        CreateRequest request = CreationArguments.Read(arguments, settings, sockets) with { Detached = detached };
        if (!detached && !arguments.Has("no-subreaper"))
        {
            // Orphans of the container's PID namespace end with it; those of a container without one come here.
            Processes.SetSubreaper(true);
        }

        using ForegroundProcess? foreground = detached ? null : new();
        using ContainerCreation creation = ContainerCreation.Begin(new StateStore(settings.Root), request);
        log.Warn(creation.Warnings);
        using LaunchedProcess process = creation.Run();
        if (foreground is null)
        {
            return 0;
        }

        WaitOutcome? outcome = foreground.Wait(process.Process);
        if (!arguments.Has("keep"))
        {
            creation.Delete();
        }

        return outcome?.Status.ToShellStatus() ?? 1;
    }
}
