using Tare.Callers.Tests.Machine;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

/// <summary>A machine where root has Podman with tare-oci, and both images.</summary>
public sealed class PodmanMachine : IDisposable
{
    private readonly Lazy<PrivateMachine> _machine;

    /// <summary>It is made when the first test needs it.</summary>
    public PodmanMachine() =>
        _machine = new Lazy<PrivateMachine>(() =>
            PrivateMachine.Make(
                SetUp,
                "podman",
                "conmon",
                "/usr/lib/podman/netavark",
                "/usr/lib/podman/aardvark-dns",
                "iptables"
            )
        );

    /// <summary>The machine.</summary>
    public PrivateMachine Machine => _machine.Value;

    /// <summary>Writes Podman's configuration: what README.md says, and what a machine without systemd needs besides.</summary>
    public static void Configure(PrivateMachine machine)
    {
        machine.Write("/etc/containers/containers.conf", Readme.Snippet("/etc/containers/containers.conf"));
        machine.Write(
            "/etc/containers/containers.conf.d/machine.conf",
            """
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            [network]
            network_backend = "netavark"
            [containers]
            log_driver = "k8s-file"
            """
        );
        machine.Write("/etc/containers/storage.conf", "[storage]\ndriver = \"overlay\"\n");
        machine.Write("/etc/containers/policy.json", """{"default": [{"type": "insecureAcceptAnything"}]}""");
        machine.Write(
            "/etc/containers/registries.conf",
            $"""
            [[registry]]
            location = "{PrivateMachine.Registry}"
            insecure = true
            """
        );
    }

    /// <summary>Runs a command of Podman's.</summary>
    public ToolResult Run(params string[] command) => Run(Machine, command);

    /// <summary>Runs a command of Podman's on a terminal.</summary>
    public ToolResult RunOnTerminal(string command) =>
        Machine.Run("script", "--quiet", "--return", "--command", $"podman {command}", "/dev/null");

    /// <summary>Starts a container of busybox in the background; gives its name.</summary>
    public string Start(string[] options, params string[] program)
    {
        string name = $"c{Guid.NewGuid():N}";
        Run(["run", "--detach", "--name", name, .. options, "busybox", .. program]).ShouldSucceed();
        return name;
    }

    /// <summary>Waits until a container's log holds a text.</summary>
    public void WaitForLog(string container, string text) =>
        Machine.WaitFor(text, "podman", "logs", "--follow", container);

    /// <summary>What Podman says about a container, by a template.</summary>
    public string Inspect(string container, string template) =>
        Run("inspect", "--format", template, container).ShouldSucceed().Output.Trim();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_machine.IsValueCreated)
        {
            Machine.Dispose();
        }
    }

    private static ToolResult Run(PrivateMachine machine, params string[] command) =>
        machine.Run(["podman", .. command]);

    private static void SetUp(PrivateMachine machine)
    {
        Configure(machine);
        foreach (string image in (string[])["busybox", "debian"])
        {
            Run(machine, "pull", "--quiet", $"{PrivateMachine.Registry}/{image}").ShouldSucceed();
            Run(machine, "tag", $"{PrivateMachine.Registry}/{image}", image).ShouldSucceed();
        }
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition]
public sealed class PodmanCollection : ICollectionFixture<PodmanMachine>;
