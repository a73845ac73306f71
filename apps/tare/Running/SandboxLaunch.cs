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
        LaunchHandles handles = new() { Cgroup = cgroup.Cgroup, Landlock = plan.Landlock?.Descriptor };
        if (plan.Planned.Gates.BeforeProgram is not { } gate)
        {
            using PendingLaunch launch = ContainerLaunch.Begin(plan.Planned, handles, null, options);
            return new SandboxLaunch(launch.Complete(), null);
        }

        using ConsoleChannel console = ConsoleChannel.Open();
        using PendingLaunch pending = ContainerLaunch.Begin(
            plan.Planned,
            handles with
            {
                ConsoleSocket = console.Inside,
            },
            null,
            options
        );
        pending.WaitForGate(gate);
        OuterTerminal? outside = OuterTerminal.TryOpen(Output.Input, Output.Standard);
        TerminalRelay relay = new(console.Receive(), outside, Output.Input, Output.Standard);
        try
        {
            pending.OpenGate();
            return new SandboxLaunch(pending.Complete(), relay);
        }
        catch
        {
            relay.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Relay?.Dispose();
        Process.Dispose();
    }
}
