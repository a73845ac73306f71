using Tare.Callers.Tests.Machine;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Docker;

/// <summary>A machine with a Docker daemon whose default runtime is tare-oci, and both images.</summary>
public sealed class DockerMachine : IDisposable
{
    private readonly Lazy<PrivateMachine> _machine;

    /// <summary>It is made when the first test needs it.</summary>
    public DockerMachine() =>
        _machine = new Lazy<PrivateMachine>(() =>
            PrivateMachine.Make(SetUp, "dockerd", "docker", "docker-compose", "iptables")
        );

    /// <summary>The machine.</summary>
    public PrivateMachine Machine => _machine.Value;

    /// <summary>Runs a command of Docker's.</summary>
    public ToolResult Run(params string[] command) => Run(Machine, command);

    /// <summary>Runs a command of Docker's on a terminal.</summary>
    public ToolResult RunOnTerminal(string command) =>
        Machine.Run("script", "--quiet", "--return", "--command", $"docker {command}", "/dev/null");

    /// <summary>Starts a container of busybox in the background; gives its name.</summary>
    public string Start(string[] options, params string[] program)
    {
        string name = $"c{Guid.NewGuid():N}";
        Run(["run", "--detach", "--name", name, .. options, "busybox", .. program]).ShouldSucceed();
        return name;
    }

    /// <summary>Waits until a container's log holds a text.</summary>
    public void WaitForLog(string container, string text) =>
        Machine.WaitFor(text, "docker", "logs", "--follow", container);

    /// <summary>What Docker says about a container, by a template.</summary>
    public string Inspect(string container, string template) =>
        Run("inspect", "--format", template, container).ShouldSucceed().Output.Trim();

    /// <summary>
    /// Follows what Docker reports, from the beginning of the daemon on, until it has reported something of a container.
    /// </summary>
    /// <param name="container">The container's name.</param>
    /// <param name="kind">The report's kind, such as "die".</param>
    /// <param name="times">How often it is waited for.</param>
    public void WaitForEvent(string container, string kind, int times = 1) =>
        Machine.WaitFor(
            string.Concat(Enumerable.Repeat($"{kind}\n", times)),
            "docker",
            "events",
            "--since=0",
            $"--filter=container={container}",
            $"--filter=event={kind}",
            "--format={{.Status}}"
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_machine.IsValueCreated)
        {
            Machine.Dispose();
        }
    }

    private static ToolResult Run(PrivateMachine machine, params string[] command) =>
        machine.Run(["docker", .. command]);

    private static void SetUp(PrivateMachine machine)
    {
        machine.Write("/etc/docker/daemon.json", Readme.Snippet("/etc/docker/daemon.json"));
        machine.StartDaemon("API listen on", "dockerd");
        foreach (string image in (string[])["busybox", "debian"])
        {
            Run(machine, "pull", "--quiet", $"{PrivateMachine.Registry}/{image}").ShouldSucceed();
            Run(machine, "tag", $"{PrivateMachine.Registry}/{image}", image).ShouldSucceed();
        }
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition]
public sealed class DockerCollection : ICollectionFixture<DockerMachine>;
