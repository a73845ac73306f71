using Tare.Cli.Sandbox;
using Tare.Launch;
using Tare.Runtime.Consoles;
using Tare.Runtime.Containers;

namespace Tare.Cli.Running;

/// <summary>A sandbox's program from its launch on, with its terminal where it has one. Owns both.</summary>
internal sealed class SandboxLaunch : IDisposable
{
    private SandboxLaunch(LaunchedProcess process, TerminalRelay? relay)
    {
        Process = process;
        Relay = relay;
    }

    /// <summary>The program.</summary>
    public LaunchedProcess Process { get; }

    /// <summary>What carries its terminal's bytes; null without a terminal.</summary>
    public TerminalRelay? Relay { get; }

    /// <summary>Launches.</summary>
    /// <exception cref="LaunchException">A step failed. Nothing is left.</exception>
    public static SandboxLaunch Begin(SandboxPlan plan, SandboxCgroup cgroup, LaunchOptions options)
    {
        using ConsoleChannel? console = plan.Spec.Process.Terminal ? ConsoleChannel.Open() : null;
        using PendingLaunch pending = ContainerLaunch.Begin(
            plan.Planned,
            new LaunchHandles
            {
                Cgroup = cgroup.Cgroup,
                ConsoleSocket = console?.Inside,
                Landlock = plan.Landlock?.Descriptor,
            },
            null,
            options
        );
        LaunchedProcess process = pending.Complete();
        return new SandboxLaunch(
            process,
            console is null
                ? null
                : new TerminalRelay(
                    console.Receive(),
                    OuterTerminal.TryOpen(Output.Input, Output.Standard),
                    Output.Input,
                    Output.Standard
                )
        );
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Relay?.Dispose();
        Process.Dispose();
    }
}
