using Tare.Cli.CommandLine;
using Tare.Cli.Sandbox;
using Tare.Linux;

namespace Tare.Cli.Tests.Sandbox;

public class SandboxEnvironmentTests
{
    private static readonly Account Own = new(1000, 1000, [], null, null);

    private static readonly Caller Caller = new()
    {
        Uid = 1000,
        Gid = 1000,
        Groups = [],
        Capabilities = CapabilitySet.Empty,
        IsPrivileged = false,
        WorkingDirectory = "/",
        Home = "/home/ann",
        Environment = ["TERM=xterm", "HOME=/home/ann", "A=1", "strange", "F%%=() { :; }", "EMPTY="],
        Terminal = null,
    };

    [Fact]
    public void The_callers_environment_is_kept_in_order() =>
        Assert.Equal(Caller.Environment, SandboxEnvironment.Of(new RunOptions(), Caller, Own, "/bin"));

    [Fact]
    public void A_variable_is_set_in_its_place_or_at_the_end()
    {
        RunOptions options = new() { Environment = ["A=2", "NEW=x=y", "EMPTY=full"] };

        Assert.Equal(
            ["TERM=xterm", "HOME=/home/ann", "A=2", "strange", "F%%=() { :; }", "EMPTY=full", "NEW=x=y"],
            SandboxEnvironment.Of(options, Caller, Own, "/bin")
        );
    }

    [Fact]
    public void Another_systems_program_gets_a_fresh_environment_and_what_is_named()
    {
        RunOptions options = new() { Rootfs = "/r", Environment = ["A", "NOTHERE", "B=2"] };

        Assert.Equal(
            ["PATH=/bin", "TERM=xterm", "HOME=/", "A=1", "B=2"],
            SandboxEnvironment.Of(options, Caller, Own, "/bin")
        );
    }

    [Fact]
    public void Another_user_has_its_own_home_and_name()
    {
        RunOptions options = new() { User = "bob", Environment = ["HOME=/given"] };

        IReadOnlyList<string> variables = SandboxEnvironment.Of(
            options,
            Caller,
            new Account(1, 1, [], "bob", "/home/bob"),
            "/bin"
        );

        Assert.Contains("HOME=/given", variables);
        Assert.Contains("USER=bob", variables);
        Assert.Contains("LOGNAME=bob", variables);
    }

    [Fact]
    public void A_variable_without_a_name_is_refused() =>
        Assert.Throws<UsageException>(() =>
            SandboxEnvironment.Of(new RunOptions { Environment = ["=x"] }, Caller, Own, "/bin")
        );
}
