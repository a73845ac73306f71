using Tare.Callers.Tests.Machine;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

/// <summary>A machine where an ordinary user has Podman with tare-oci, and busybox.</summary>
public sealed class RootlessPodmanMachine : IDisposable
{
    private readonly Lazy<PrivateMachine> _machine;

    /// <summary>It is made when the first test needs it.</summary>
    public RootlessPodmanMachine() =>
        _machine = new Lazy<PrivateMachine>(() =>
            PrivateMachine.Make(SetUp, "podman", "conmon", "newuidmap", "slirp4netns", "fuse-overlayfs")
        );

    /// <summary>The machine.</summary>
    public PrivateMachine Machine => _machine.Value;

    /// <summary>Runs a command of Podman's.</summary>
    public ToolResult Run(params string[] command) => Run(Machine, command);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_machine.IsValueCreated)
        {
            Machine.Dispose();
        }
    }

    private static ToolResult Run(PrivateMachine machine, params string[] command) =>
        machine.RunAsTester(["podman", .. command]);

    private static void SetUp(PrivateMachine machine)
    {
        PodmanMachine.Configure(machine);
        Run(machine, "pull", "--quiet", $"{PrivateMachine.Registry}/busybox").ShouldSucceed();
        Run(machine, "tag", $"{PrivateMachine.Registry}/busybox", "busybox").ShouldSucceed();
    }
}
