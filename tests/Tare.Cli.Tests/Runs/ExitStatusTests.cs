using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>docs/errors.md, "Exit codes".</summary>
public sealed class ExitStatusTests
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    [InlineData("kill -6 $$", 134)]
    public void It_is_the_programs_or_128_and_the_signal(string script, int status) =>
        TareProgram.Shell(script).ShouldExitWith(status);

    // Strings of .NET hold no such bytes; the program would get others than were given.
    [Fact]
    public void Arguments_that_are_not_utf8_are_refused_and_not_altered() =>
        Assert.StartsWith(
            "tare: argument 4 is not UTF-8 (",
            Tool.Run("sh", "-c", "exec \"$1\" run -- echo \"$(printf 'caf\\351')\"", "sh", Programs.Tare)
                .ShouldExitWith(2)
                .Errors,
            StringComparison.Ordinal
        );

    [Fact]
    public void When_the_time_is_up_everything_is_killed_and_it_is_124()
    {
        ToolResult result = TareProgram.Shell("trap '' TERM; sleep 1000 & sleep 1000; wait", "--timeout", "200ms");

        result.ShouldExitWith(124);
        Assert.Equal("tare: the time-out of 200 ms has passed; everything in the sandbox was killed\n", result.Errors);
    }

    [Fact]
    public void A_program_that_ends_in_time_keeps_its_own() =>
        TareProgram.Shell("exit 3", "--timeout", "5m").ShouldExitWith(3);

    [Fact]
    public void A_program_that_is_not_in_path_is_127()
    {
        ToolResult result = TareProgram.Run("--", "no-such-program");

        result.ShouldExitWith(127);
        Assert.Equal("tare: exec: \"no-such-program\": executable file not found in $PATH: ENOENT\n", result.Errors);
    }

    [Fact]
    public void A_directory_of_path_that_may_not_be_searched_is_no_reason_for_another()
    {
        using OrdinaryUser user = new();
        ToolResult result = Tool.Run(
            user.Tare,
            ["run", "--env", "PATH=/root/bin:/bin", "--", "no-such-program"],
            user.Options
        );

        result.ShouldExitWith(127);
        Assert.Contains("executable file not found in $PATH", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_leads_to_nothing_is_127()
    {
        ToolResult result = TareProgram.Run("--", "/no/such/program");

        result.ShouldExitWith(127);
        Assert.Equal("tare: exec: \"/no/such/program\": no such file or directory: ENOENT\n", result.Errors);
    }

    [Theory]
    [InlineData("not executable", "echo hello\n", 0x1A4, "is not executable: chmod +x it")]
    [InlineData("missing interpreter", "#!/no/such/interpreter\n", 0x1ED, "'/no/such/interpreter'")]
    [InlineData("carriage return", "#!/bin/sh\r\necho hello\r\n", 0x1ED, "CR LF")]
    [InlineData("no format", "\u0001\u0002\u0003", 0x1ED, "neither an ELF executable nor a script")]
    [InlineData("empty", "", 0x1ED, "is empty")]
    public void A_program_that_cannot_be_executed_is_126_and_the_message_says_why(
        string _,
        string content,
        int mode,
        string reason
    )
    {
        using TemporaryDirectory folder = new();
        string program = folder.Write("program", content, (UnixFileMode)mode);

        ToolResult result = TareProgram.Run(new ToolOptions { WorkingDirectory = folder.Path }, "--", program);

        result.ShouldExitWith(126);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_program_of_another_architecture_is_126_and_the_message_names_it()
    {
        using TemporaryDirectory folder = new();
        string program = folder.At("program");
        File.WriteAllBytes(program, MinimalElf(machine: 243));
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);

        ToolResult result = TareProgram.Run(new ToolOptions { WorkingDirectory = folder.Path }, "--", "./program");

        result.ShouldExitWith(126);
        Assert.Contains("RISC-V", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--memory", "many", "--", "true")]
    [InlineData(2, "true")]
    [InlineData(2, "--read-write", "/no/such/path", "--", "true")]
    [InlineData(2, "--read-write", "/", "--", "true")]
    [InlineData(2, "--workdir", "/no/such/path", "--", "true")]
    [InlineData(2, "--workdir", "/etc/passwd", "--", "true")]
    [InlineData(2, "--rootfs", "/no/such/path", "--", "true")]
    [InlineData(2, "--rootfs", "/etc/passwd", "--", "true")]
    [InlineData(2, "--cap-add", "FLY", "--", "true")]
    [InlineData(2, "--user", "nobody-of-that-name", "--", "true")]
    [InlineData(
        125,
        "--hostname",
        "a-name-of-more-characters-than-the-kernel-takes-which-are-just-64-of-them",
        "--",
        "true"
    )]
    [InlineData(125, "--json", "/no/such/directory/file", "--", "true")]
    public void What_cannot_be_is_told_on_one_line(int status, params string[] words)
    {
        ToolResult result = TareProgram.Run(words);

        result.ShouldExitWith(status);
        Assert.StartsWith("tare: ", result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(result.Output);
    }

    private static byte[] MinimalElf(byte machine)
    {
        byte[] elf = new byte[120];
        "\u007fELF"u8.CopyTo(elf);
        elf[4] = 2;
        elf[5] = 1;
        elf[6] = 1;
        elf[16] = 2;
        elf[18] = machine;
        elf[20] = 1;
        elf[52] = 64;
        return elf;
    }
}
