using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

[Collection<PodmanCollection>]
public sealed class PodmanNetworkTests(PodmanMachine podman)
{
    private const string Fetch =
        "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=60).status)";

    [Fact]
    public void Nginx_on_a_bridge_is_reached_from_the_machine_by_its_published_port_and_by_name_from_a_neighbour()
    {
        podman.Run("network", "create", "net").ShouldSucceed();
        podman
            .Run(
                "run",
                "--detach",
                "--name=web",
                "--network=net",
                "--publish=8080:80",
                "debian",
                "nginx",
                "-g",
                "daemon off; error_log stderr notice;"
            )
            .ShouldSucceed();
        podman.WaitForLog("web", "start worker process");

        string[] outside = podman
            .Machine.Run("/usr/bin/python3", "-c", Fetch, "http://127.0.0.1:8080/")
            .ShouldSucceed()
            .Lines;
        string[] inside = podman
            .Run("run", "--rm", "--network=net", "debian", "python3", "-c", Fetch, "http://web/")
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["200"], outside);
        Assert.Equal(["200"], inside);
        podman.Run("rm", "--force", "--time=0", "web").ShouldSucceed();
        podman.Run("network", "rm", "net").ShouldSucceed();
    }

    [Theory]
    [InlineData("none", "1")]
    [InlineData("bridge", "2")]
    public void A_container_has_the_interfaces_of_its_network(string network, string interfaces) =>
        Assert.Equal(
            [interfaces],
            podman
                .Run("run", "--rm", $"--network={network}", "busybox", "sh", "-c", "ls /sys/class/net | wc -l")
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void A_container_of_the_hosts_network_sees_what_the_machine_sees()
    {
        ToolResult machine = podman.Machine.Run("readlink", "/proc/self/ns/net").ShouldSucceed();

        Assert.Equal(
            machine.Output,
            podman
                .Run("run", "--rm", "--network=host", "busybox", "readlink", "/proc/self/ns/net")
                .ShouldSucceed()
                .Output
        );
    }

    [Fact]
    public void A_container_joins_anothers_network()
    {
        string name = podman.Start([], "sleep", "1000");
        string network = podman.Run("exec", name, "readlink", "/proc/self/ns/net").ShouldSucceed().Output;

        string joined = podman
            .Run("run", "--rm", $"--network=container:{name}", "busybox", "readlink", "/proc/self/ns/net")
            .ShouldSucceed()
            .Output;

        Assert.Equal(network, joined);
        podman.Run("rm", "--force", "--time=0", name).ShouldSucceed();
    }
}
