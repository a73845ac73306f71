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
        ConsoleRule.Check(arguments, detached);
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
        using ForegroundTerminal? terminal =
            foreground is not null && creation.NeedsConsoleSocket ? new ForegroundTerminal() : null;
        if (terminal is not null)
        {
            creation.UseConsole(terminal.Socket, terminal.Size, terminal.Settings);
        }

        using LaunchedProcess process = creation.Run();
        if (foreground is null)
        {
            ForegroundNotification.Forward(creation.Notification, process.Process, process.ProcessId, log);
            return 0;
        }

        using ForegroundNotification? notification = ForegroundNotification.Begin(creation.Notification, process, log);
        int status = foreground.Wait(process, terminal);
        notification?.WaitUntilSaid();
        if (!arguments.Has("keep"))
        {
            log.Report(creation.Delete());
        }

        return status;
    }
}
