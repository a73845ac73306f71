using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class HelpTests
{
    private static readonly string[] Commands =
    [
        "create",
        "start",
        "state",
        "kill",
        "delete",
        "run",
        "exec",
        "list",
        "ps",
        "pause",
        "resume",
        "spec",
        "features",
        "info",
        "completion",
    ];

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("h")]
    public void Help_lists_every_command_and_global_option(string word)
    {
        string page = Tool.Run(Programs.TareOci, word).ShouldSucceed().Output;

        Assert.All(Commands, command => Assert.Contains($"\n  {command} ", page, StringComparison.Ordinal));
        string[] options =
        [
            "--root",
            "--log",
            "--log-format",
            "--debug",
            "--systemd-cgroup",
            "--rootless",
            "--version",
        ];
        Assert.All(options, option => Assert.Contains($"\n  {option}", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_command_the_help_page_is_printed() =>
        Assert.Equal(Tool.Run(Programs.TareOci, "help").Output, Tool.Run(Programs.TareOci).ShouldSucceed().Output);

    [Fact]
    public void Each_command_has_a_page_that_names_its_options()
    {
        foreach (string command in Commands)
        {
            string page = Tool.Run(Programs.TareOci, command, "--help").ShouldSucceed().Output;

            Assert.StartsWith($"tare-oci {command} - ", page, StringComparison.Ordinal);
            Assert.Contains($"\nusage: tare-oci {command} [OPTIONS]", page, StringComparison.Ordinal);
            Assert.Contains("\n  --help, -h ", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("create", "--bundle, -b DIR", "--console-socket PATH", "--pidfd-socket PATH", "--pid-file FILE")]
    [InlineData("create", "--no-pivot", "--no-new-keyring", "--preserve-fds N")]
    [InlineData("run", "--bundle, -b DIR", "--detach, -d", "--keep", "--no-subreaper", "--pid-file FILE")]
    [InlineData("exec", "--process, -p FILE", "--cwd DIR", "--env, -e NAME=VALUE", "--tty, -t", "--user, -u UID[:GID]")]
    [InlineData("exec", "--additional-gids, -g GID", "--detach, -d", "--pid-file FILE", "--console-socket PATH")]
    [InlineData("exec", "--cap, -c CAPABILITY", "--no-new-privs", "--preserve-fds N", "--ignore-paused")]
    [InlineData("kill", "--all, -a")]
    [InlineData("delete", "--force, -f")]
    [InlineData("list", "--format, -f FORMAT", "--quiet, -q")]
    [InlineData("ps", "--format, -f FORMAT")]
    [InlineData("spec", "--bundle, -b DIR", "--rootless")]
    public void A_page_has_the_options_that_runc_has(string command, params string[] options)
    {
        string page = Tool.Run(Programs.TareOci, command, "--help").ShouldSucceed().Output;

        Assert.All(options, option => Assert.Contains($"\n  {option} ", page, StringComparison.Ordinal));
    }
}
