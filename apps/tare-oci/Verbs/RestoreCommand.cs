using Tare.Launch;
using Tare.Linux;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Checkpoints;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.OciCli.Verbs;

/// <summary><c>restore</c>: a container from where it was saved to its end; with <c>--detach</c> only its beginning.</summary>
internal static class RestoreCommand
{
    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        bool detached = arguments.Has("detach");
        ConsoleRule.Check(arguments, detached);
        CriuSettings criu = CriuArguments.Read(arguments);
        CheckpointCommand.RequireRoot("restore");
        using ConnectedSockets sockets = new();
        RestoreRequest request = new(criu)
        {
            Id = ContainerId.Parse(arguments.Words[0]),
            Bundle = CreationArguments.Bundle(arguments),
            SystemdCgroup = settings.SystemdCgroup,
            Detached = detached,
            ConsoleSocket = sockets.Connect(arguments.Text("console-socket"), "console-socket"),
            PidFile = arguments.Text("pid-file") is { } file ? HostPath.FromHere(file) : null,
        };
        if (arguments.Has("no-pivot"))
        {
            log.Warn(["--no-pivot has no effect: criu changes the root itself"]);
        }

        if (!detached && !arguments.Has("no-subreaper"))
        {
            // Orphans of the container's PID namespace end with it; those of a container without one come here.
            Processes.SetSubreaper(true);
        }

        using ForegroundProcess? foreground = detached ? null : new();
        using ContainerRestore restore = ContainerRestore.Begin(new StateStore(settings.Root), request);
        log.Warn(restore.Warnings);
        using ForegroundTerminal? terminal =
            foreground is not null && restore.NeedsConsoleSocket ? new ForegroundTerminal() : null;
        if (terminal is not null)
        {
            restore.UseConsole(terminal.Socket);
        }

        LaunchedProcess process = restore.Restore();
        if (foreground is null)
        {
            return 0;
        }

        int status = foreground.Wait(process, terminal);
        log.Report(restore.Delete());
        return status;
    }
}
