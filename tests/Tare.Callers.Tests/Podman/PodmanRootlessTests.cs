using Tare.Callers.Tests.Machine;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

/// <summary>Podman of an ordinary user. On cgroup v1 such a user has no cgroups, and Podman asks for no limits.</summary>
public sealed class PodmanRootlessTests(RootlessPodmanMachine podman) : IClassFixture<RootlessPodmanMachine>
{
    private readonly string _name = $"c{Guid.NewGuid():N}";

    [Theory]
    [InlineData(0, "true")]
    [InlineData(42, "sh", "-c", "exit 42")]
    [InlineData(127, "nowhere")]
    [InlineData(126, "/etc/passwd")]
    public void The_exit_status_says_what_became_of_the_program(int status, params string[] program) =>
        podman.Run(["run", "--rm", "busybox", .. program]).ShouldExitWith(status);

    [Fact]
    public void Root_in_the_container_is_the_user_and_other_users_are_the_subordinate_ones()
    {
        string[] map = podman
            .Run("run", "--rm", "busybox", "cat", "/proc/self/uid_map")
            .ShouldSucceed()
            .Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ToArray();

        Assert.Equal([$"0 {PrivateMachine.Tester} 1", "1 400000 65536"], map);
    }

    [Fact]
    public void The_user_stays_who_it_is_where_that_is_asked_for() =>
        Assert.Equal(
            [$"{PrivateMachine.Tester}"],
            podman.Run("run", "--rm", "--userns=keep-id", "busybox", "id", "-u").ShouldSucceed().Lines
        );

    [Fact]
    public void A_container_has_a_network_by_slirp4netns() =>
        Assert.Equal(
            ["lo", "tap0"],
            podman.Run("run", "--rm", "--network=slirp4netns", "busybox", "ls", "/sys/class/net").ShouldSucceed().Lines
        );

    [Fact]
    public void A_volume_of_the_users_belongs_to_root_in_the_container()
    {
        podman.Machine.RunAsTester("mkdir", "-p", "/home/tester/volume").ShouldSucceed();

        Assert.Equal(
            ["0"],
            podman
                .Run(
                    "run",
                    "--rm",
                    "--volume=/home/tester/volume:/v",
                    "busybox",
                    "sh",
                    "-c",
                    "touch /v/file; stat -c %u /v/file"
                )
                .ShouldSucceed()
                .Lines
        );
        Assert.Equal(
            [$"{PrivateMachine.Tester}"],
            podman.Machine.Run("stat", "-c", "%u", "/home/tester/volume/file").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_is_entered_stopped_started_again_and_removed()
    {
        podman
            .Run(
                "run",
                "--detach",
                "--name",
                _name,
                "busybox",
                "sh",
                "-c",
                "trap 'exit 5' TERM; echo up; sleep 1000 & wait"
            )
            .ShouldSucceed();

        podman.Run("exec", _name, "sh", "-c", "exit 3").ShouldExitWith(3);
        podman.Run("exec", _name, "nowhere").ShouldExitWith(127);
        podman.Run("stop", _name).ShouldSucceed();
        Assert.Equal(["5"], podman.Run("wait", _name).ShouldSucceed().Lines);
        podman.Run("start", _name).ShouldSucceed();
        podman.Run("kill", _name).ShouldSucceed();
        Assert.Equal(["137"], podman.Run("wait", _name).ShouldSucceed().Lines);
        podman.Run("rm", _name).ShouldSucceed();
    }

    [Fact]
    public void A_program_on_a_terminal_has_one_of_its_own()
    {
        // It stays for a moment, as root's does: of one that ends at once Podman loses a third of all outputs, with runc too.
        ToolResult result = podman.Machine.RunAsTester(
            "script",
            "--quiet",
            "--return",
            "--command",
            "podman run --rm -it busybox sh -c 'tty; sleep 1; exit 3'",
            "/dev/null"
        );

        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        result.ShouldExitWith(3);
    }

    [Fact]
    public void Containers_of_a_pod_share_their_host_name()
    {
        podman
            .Run("pod", "create", "--infra-image=busybox", "--infra-command=sleep 1000", "--name", _name)
            .ShouldSucceed();

        Assert.Equal([_name], podman.Run("run", "--rm", "--pod", _name, "busybox", "hostname").ShouldSucceed().Lines);

        podman.Run("pod", "rm", "--force", "--time=0", _name).ShouldSucceed();
    }
}
