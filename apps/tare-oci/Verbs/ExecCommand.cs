using Tare.Launch;
using Tare.Linux;
using Tare.OciCli.CommandLine;
using Tare.Runtime;
using Tare.Runtime.Containers;

namespace Tare.OciCli.Verbs;

/// <summary><c>exec</c>: another program in a container that runs.</summary>
internal static class ExecCommand
{
    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        int preserved = arguments.Number("preserve-fds", 0);
        InheritedDescriptors.CheckOpen(preserved);
        bool detached = arguments.Has("detach");
        ConsoleRule.Check(arguments, detached);
        using Container container = ContainerCommands.Open(arguments, settings);
        using ConnectedSockets sockets = new();
        ExecRequest request = new()
        {
            Process = ExecProcess.Of(arguments, container),
            ConsoleSocket = sockets.Connect(arguments.Text("console-socket"), "console-socket"),
            PreservedDescriptors = preserved,
            Cgroups = CgroupPaths.Of(arguments.Texts("cgroup")),
            IgnoresPaused = arguments.Has("ignore-paused"),
            KillLauncherBefore = CreationArguments.KillBefore,
        };
        if (request.Process.Terminal && request.ConsoleSocket is null && detached)
        {
            throw new ContainerException(
                "cannot allocate a terminal for a detached program without a console socket (give --console-socket)"
            );
        }

        if (!request.Process.Terminal && request.ConsoleSocket is not null)
        {
            throw new ContainerException("cannot use a console socket without a terminal (leave --console-socket out)");
        }

        using ForegroundProcess? foreground = detached ? null : new();
        using ForegroundTerminal? terminal =
            request.Process.Terminal && request.ConsoleSocket is null ? new ForegroundTerminal() : null;
        if (terminal is not null)
        {
            request = request with
            {
                ConsoleSocket = terminal.Socket,
                TerminalSettings = terminal.Settings,
                Process = request.Process with { ConsoleSize = request.Process.ConsoleSize ?? terminal.Size },
            };
        }

        SocketFd? pidFdSocket = sockets.Connect(arguments.Text("pidfd-socket"), "pidfd-socket");
        using LaunchedProcess process = ContainerExec.Execute(container, request, log.Warn);
        Publish(process, arguments.Text("pid-file"), pidFdSocket);
        return foreground is null ? 0 : foreground.Wait(process, terminal);
    }

    // A program that nobody can find is of no use.
    private static void Publish(LaunchedProcess process, string? pidFile, SocketFd? pidFdSocket)
    {
        try
        {
            PublishedProcess.Publish(process.Process, process.ProcessId, pidFile, pidFdSocket, "setns");
        }
        catch (KernelException)
        {
            process.Kill();
            throw;
        }
    }
}
