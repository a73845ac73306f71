using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

[Collection<PodmanCollection>]
public sealed class PodmanExecTests : IDisposable
{
    private readonly PodmanMachine _podman;
    private readonly string _name;

    public PodmanExecTests(PodmanMachine podman)
    {
        _podman = podman;
        _name = podman.Start([], "sleep", "1000");
    }

    [Theory]
    [InlineData(0, "true")]
    [InlineData(3, "sh", "-c", "exit 3")]
    [InlineData(137, "sh", "-c", "kill -KILL $$")]
    [InlineData(127, "nowhere")]
    [InlineData(126, "/etc/passwd")]
    public void The_exit_status_says_what_became_of_the_program(int status, params string[] program) =>
        _podman.Run(["exec", _name, .. program]).ShouldExitWith(status);

    [Fact]
    public void A_program_has_the_user_the_directory_and_the_environment_it_is_given() =>
        Assert.Equal(
            ["7", "/tmp", "b"],
            _podman
                .Run("exec", "--user=7", "--workdir=/tmp", "--env=A=b", _name, "sh", "-c", "id -u; pwd; echo $A")
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void A_program_on_a_terminal_has_one_of_its_own()
    {
        ToolResult result = _podman.RunOnTerminal($"exec -it {_name} sh -c 'tty; exit 4'");

        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        result.ShouldExitWith(4);
    }

    [Fact]
    public void A_program_reads_what_Podman_reads() =>
        Assert.Equal(
            ["olleh"],
            _podman.Machine.RunWith("hello\n", "podman", "exec", "-i", _name, "rev").ShouldSucceed().Lines
        );

    [Fact]
    public void A_program_is_left_running()
    {
        _podman.Run("exec", "--detach", _name, "sleep", "2000").ShouldSucceed();

        Assert.Contains(
            "sleep 2000",
            _podman.Run("top", _name, "args").ShouldSucceed().Output,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _podman.Run("rm", "--force", "--time=0", _name).ShouldSucceed();
}
