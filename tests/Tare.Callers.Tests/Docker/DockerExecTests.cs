using Tare.Fixtures;

namespace Tare.Callers.Tests.Docker;

[Collection<DockerCollection>]
public sealed class DockerExecTests : IDisposable
{
    private readonly DockerMachine _docker;
    private readonly string _name;

    public DockerExecTests(DockerMachine docker)
    {
        _docker = docker;
        _name = docker.Start([], "sleep", "1000");
    }

    // Docker 20.10 makes 126 of a program that is not there as well; newer ones make 127 of it.
    [Theory]
    [InlineData(0, "true")]
    [InlineData(3, "sh", "-c", "exit 3")]
    [InlineData(137, "sh", "-c", "kill -KILL $$")]
    [InlineData(126, "/etc/passwd")]
    public void The_exit_status_says_what_became_of_the_program(int status, params string[] program) =>
        _docker.Run(["exec", _name, .. program]).ShouldExitWith(status);

    [Fact]
    public void Docker_tells_that_a_program_is_not_there()
    {
        ToolResult result = _docker.Run("exec", _name, "nowhere");

        Assert.InRange(result.ExitCode, 126, 127);
        Assert.Contains("executable file not found in $PATH", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_has_the_user_the_directory_and_the_environment_it_is_given() =>
        Assert.Equal(
            ["7", "/tmp", "b"],
            _docker
                .Run("exec", "--user=7", "--workdir=/tmp", "--env=A=b", _name, "sh", "-c", "id -u; pwd; echo $A")
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void A_program_on_a_terminal_has_one_of_its_own()
    {
        ToolResult result = _docker.RunOnTerminal($"exec -it {_name} sh -c 'tty; exit 4'");

        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        result.ShouldExitWith(4);
    }

    [Fact]
    public void A_program_is_left_running()
    {
        _docker.Run("exec", "--detach", _name, "sleep", "2000").ShouldSucceed();

        Assert.Contains("sleep 2000", _docker.Run("top", _name).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    public void Dispose() => _docker.Run("rm", "--force", _name).ShouldSucceed();
}
