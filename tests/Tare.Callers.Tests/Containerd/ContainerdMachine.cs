using Tare.Callers.Tests.Machine;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Containerd;

/// <summary>A machine with containerd and both images.</summary>
public sealed class ContainerdMachine : IDisposable
{
    private RunningTool? _daemon;

    private readonly Lazy<PrivateMachine> _machine;

    /// <summary>It is made when the first test needs it.</summary>
    public ContainerdMachine() =>
        _machine = new Lazy<PrivateMachine>(() => PrivateMachine.Make(SetUp, "containerd", "ctr"));

    /// <summary>The machine.</summary>
    public PrivateMachine Machine => _machine.Value;

    /// <summary>Runs a command of ctr.</summary>
    public ToolResult Run(params string[] command) => Run(Machine, command);

    /// <summary>The words that begin a container of an image.</summary>
    public static string[] NewContainer(string[] options, string image, string name) =>
        ["run", "--runc-binary", PrivateMachine.Runtime, .. options, $"{PrivateMachine.Registry}/{image}:latest", name];

    /// <summary>Kills the daemon and starts another one.</summary>
    public void Restart()
    {
        Machine.Run("pkill", "--signal=KILL", "--exact", "containerd").ShouldSucceed();
        _daemon!.WaitForExit();
        _daemon = StartDaemon(Machine);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_machine.IsValueCreated)
        {
            Machine.Dispose();
        }
    }

    private static ToolResult Run(PrivateMachine machine, params string[] command) => machine.Run(["ctr", .. command]);

    private void SetUp(PrivateMachine machine)
    {
        machine.Write("/etc/containerd/config.toml", Readme.Snippet("/etc/containerd/config.toml"));
        _daemon = StartDaemon(machine);
        foreach (string image in (string[])["busybox", "debian"])
        {
            Run(machine, "image", "pull", "--plain-http", $"{PrivateMachine.Registry}/{image}:latest").ShouldSucceed();
        }
    }

    private static RunningTool StartDaemon(PrivateMachine machine) =>
        machine.StartDaemon("containerd successfully booted", "containerd");
}
