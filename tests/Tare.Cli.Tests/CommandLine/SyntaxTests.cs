using Tare.Cli.CommandLine;

namespace Tare.Cli.Tests.CommandLine;

public class SyntaxTests
{
    [Fact]
    public void What_stands_behind_the_dashes_is_the_command_word_for_word()
    {
        RunOptions options = Run("run", "--", "sh", "-c", "--", "--memory", "--help", "@file", "");

        Assert.Equal(["sh", "-c", "--", "--memory", "--help", "@file", ""], options.Command);
    }

    [Fact]
    public void Every_option_is_read()
    {
        RunOptions options = Run(
            "run",
            "--memory=1g",
            "--cpus",
            "1.5",
            "--pids",
            "7",
            "--timeout",
            "2m",
            "--read-write",
            "/a",
            "--read-write",
            "b",
            "--rootfs",
            "/r",
            "--net",
            "host",
            "--cap-add",
            "NET_RAW",
            "--user",
            "u:g",
            "--workdir",
            "/w",
            "--hostname",
            "h",
            "--env",
            "A=1",
            "--env",
            "B",
            "--terminal",
            "never",
            "--stats",
            "--trace",
            "--best-effort",
            "--json",
            "/j",
            "--",
            "true"
        );

        Assert.Equal(1L << 30, options.Memory);
        Assert.Equal(1.5m, options.Processors);
        Assert.Equal(7, options.Processes);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Timeout);
        Assert.Equal(["/a", "b"], options.ReadWrite);
        Assert.Equal("/r", options.Rootfs);
        Assert.True(options.HostNetwork);
        Assert.Equal(["NET_RAW"], options.Capabilities);
        Assert.Equal("u:g", options.User);
        Assert.Equal("/w", options.WorkingDirectory);
        Assert.Equal("h", options.HostName);
        Assert.Equal(["A=1", "B"], options.Environment);
        Assert.Equal(TerminalUse.Never, options.Terminal);
        Assert.True(options is { Statistics: true, Trace: true, BestEffort: true, Json: true, JsonFile: "/j" });
    }

    [Fact]
    public void Json_without_a_file_goes_to_standard_error()
    {
        RunOptions options = Run("run", "--json", "--stats", "--", "true");

        Assert.True(options is { Json: true, JsonFile: null, Statistics: true });
    }

    [Theory]
    [InlineData("there is no command behind '--'", "run", "--")]
    [InlineData("there is no command", "run")]
    [InlineData("put '--' before the command: tare run -- ls", "run", "ls", "-l")]
    [InlineData("'--nosuch' is no option of 'tare run'", "run", "--nosuch", "--", "true")]
    [InlineData("--net: 'bridge' is unknown (use none, host)", "run", "--net", "bridge", "--", "true")]
    [InlineData("--memory: '12x' is no size", "run", "--memory", "12x", "--", "true")]
    [InlineData("--hostname: the value is empty", "run", "--hostname", "", "--", "true")]
    [InlineData("tare run -- make", "make")]
    [InlineData("--bundle", "explain", "--bundle", "/b", "--", "true")]
    [InlineData("'maybe' is out of place: doctor", "doctor", "--json=maybe")]
    [InlineData("'more'", "doctor", "more")]
    [InlineData("'--'", "doctor", "--", "true")]
    [InlineData("'--trace'", "explain", "--trace", "--", "true")]
    public void What_cannot_be_understood_is_named(string part, params string[] args)
    {
        UsageException e = Assert.Throws<UsageException>(() => Syntax.Parse(args));

        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("run", "--help")]
    [InlineData("run", "--nosuch", "-h")]
    [InlineData("explain", "--help")]
    [InlineData("doctor", "--help")]
    public void Help_is_to_be_had_everywhere(params string[] args) =>
        Assert.Contains(
            args is ["run", ..] ? "--read-write PATH" : "tare run",
            Assert.IsType<Request.Page>(Syntax.Parse(args)).Text,
            StringComparison.Ordinal
        );

    [Fact]
    public void No_line_of_help_is_wider_than_a_terminal()
    {
        foreach (
            string[] args in (string[][])
                [
                    [],
                    ["run", "-h"],
                    ["explain", "-h"],
                    ["doctor", "-h"],
                ]
        )
        {
            string page = Assert.IsType<Request.Page>(Syntax.Parse(args)).Text;
            Assert.All(page.Split('\n'), line => Assert.True(line.Length <= 100, line));
        }
    }

    private static RunOptions Run(params string[] args) => Assert.IsType<Request.Run>(Syntax.Parse(args)).Options;
}
