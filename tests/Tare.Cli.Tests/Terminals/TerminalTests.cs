using Tare.Fixtures;

namespace Tare.Cli.Tests.Terminals;

/// <summary>A program on a terminal of its own, with a script at the keys.</summary>
public sealed class TerminalTests
{
    private const string CtrlC = "\u0003";
    private const string CtrlD = "\u0004";
    private const string CtrlZ = "\u001a";

    [Fact]
    public void It_is_a_terminal_of_the_sandboxs_own_with_the_size_of_the_one_outside()
    {
        using ScriptedTerminal terminal = new(
            33,
            77,
            Programs.Tare,
            "run",
            "--",
            "sh",
            "-c",
            "tty; stty size; test -t 2"
        );

        Assert.Equal(0, terminal.WaitForEnd());
        Assert.Equal("/dev/pts/0\n33 77\n", terminal.Seen);
    }

    [Fact]
    public void The_exit_status_comes_through() => Assert.Equal(7, End("exit 7"));

    [Fact]
    public void A_signals_exit_status_comes_through() => Assert.Equal(143, End("kill -TERM $$"));

    [Fact]
    public void Everything_that_was_written_appears_before_the_end()
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run("--", "seq", "1", "20000");

        Assert.Equal(0, terminal.WaitForEnd());
        Assert.Equal(Enumerable.Range(1, 20_000).Select(number => $"{number}"), terminal.Seen.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_change_of_size_reaches_the_program_as_a_signal()
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run(
            "--",
            "sh",
            "-c",
            "trap 'stty size; exit 5' WINCH; echo ready; sleep 1000 & wait"
        );
        terminal.WaitFor("ready");

        terminal.Resize(41, 123);

        terminal.WaitFor("41 123");
        Assert.Equal(5, terminal.WaitForEnd());
    }

    [Fact]
    public void Ctrl_C_interrupts_the_program()
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run("--", "sh", "-c", "echo ready; exec sleep 1000");
        terminal.WaitFor("ready");

        terminal.Send(CtrlC);

        Assert.Equal(130, terminal.WaitForEnd());
    }

    /// <summary>The terminal sends it to all of the job, the program that is recorded among them.</summary>
    [Fact]
    public void Ctrl_C_comes_once_to_a_program_that_is_recorded()
    {
        // What is sent to tare itself comes after what it would have passed on of the key.
        const string Program = """
            import os, signal
            awaited = {signal.SIGINT, signal.SIGTERM}
            signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
            print("ready", flush=True)
            number = 0
            seen = []
            while number != signal.SIGTERM:
                number = signal.sigwaitinfo(awaited).si_signo
                seen.append(signal.Signals(number).name)
                print("one more", flush=True)
            print("seen", *seen)
            """;
        using ScriptedTerminal terminal = new(
            24,
            80,
            Programs.Tare,
            "record",
            "--",
            Require.Program("python3"),
            "-c",
            Program
        );
        terminal.WaitFor("ready");
        terminal.Send(CtrlC, "one more");

        Linux.Processes.Kill(terminal.ProcessId, Linux.Abi.Signal.SIGTERM).OrThrow("kill");

        terminal.WaitFor("seen SIGINT SIGTERM\n");
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Fact]
    public void Ctrl_C_can_be_handled_by_the_program()
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run(
            "--",
            "sh",
            "-c",
            "trap 'echo caught; exit 9' INT; echo ready; sleep 1000 & wait"
        );
        terminal.WaitFor("ready");

        terminal.Send(CtrlC, until: "caught");

        Assert.Equal(9, terminal.WaitForEnd());
    }

    [Fact]
    public void Ctrl_D_ends_the_input()
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run("--", "sh", "-c", "echo ready; cat; echo over");
        terminal.WaitFor("ready\n");

        terminal.Send("line\n", until: "line\nline\n");
        terminal.Send(CtrlD, until: "over");

        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Fact]
    public void Jobs_of_a_shell_stop_and_go_on()
    {
        Require.Program("bash");
        using ScriptedTerminal terminal = ScriptedTerminal.Run("--", "bash", "--norc", "--noediting", "-i");
        terminal.WaitFor("> ");

        // What appears on SIGCONT says that the job has the terminal again.
        terminal.Send(
            "sh -c 'trap \"echo ag\"ain CONT; echo o\"\"n; while :; do sleep 1000 & wait; done'\n",
            until: "on\n"
        );
        terminal.Send(CtrlZ, until: "Stopped");
        terminal.Send("jobs\n", until: "Stopped");
        terminal.Send("bg\n", until: "again\n");
        terminal.Send("jobs\n", until: "Running");
        terminal.Send("kill -STOP %1; wait %1; jobs\n", until: "Stopped");
        terminal.Send("fg\n", until: "again\n");
        terminal.Send(CtrlC, until: "> ");
        terminal.Send("echo st''atus $?\n", until: "status 130\n");
        terminal.Send("exit 3\n");

        Assert.Equal(3, terminal.WaitForEnd());
    }

    [Fact]
    public void The_terminal_has_its_settings_again_whatever_ended_the_program()
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = ScriptedTerminal.Bash();
        bash.Send($"S={folder.At("stty")}; echo na''med\n", until: "named\n");
        bash.Send("stty erase ^H -ixon; stty -a >$S; echo kept\n", until: "kept\n");

        // The program has the same settings, and changes its own.
        bash.Send(
            $"{Programs.Tare} run -- sh -c 'stty -a | grep -o \"erase = ^H\"; stty -echo raw'; echo st''atus $?\n",
            until: "erase = ^H"
        );
        bash.WaitFor("status 0\n");
        bash.Send(Same, until: "same\n");
        bash.Send($"{Programs.Tare} run --timeout 100ms -- sleep 1000; echo st''atus $?\n", until: "status 124\n");
        bash.Send(Same, until: "same\n");
        bash.Send($"{Programs.Tare} run -- no-such-program; echo st''atus $?\n", until: "status 127\n");
        bash.Send(Same, until: "same\n");
        bash.Send("exit\n");

        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void The_terminal_has_its_settings_again_when_tare_is_asked_to_end()
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = ScriptedTerminal.Bash();
        bash.Send($"S={folder.At("stty")}; echo na''med\n", until: "named\n");
        bash.Send("stty -a >$S; echo kept\n", until: "kept\n");
        bash.Send(
            $"{Programs.Tare} run -- sh -c 'echo be''gun; exec sleep 1000'; echo st''atus $?\n",
            until: "begun\n"
        );

        Tool.Run("pkill", "-TERM", "-P", $"{bash.ProcessId}", "-x", "tare").ShouldSucceed();

        bash.WaitFor("status 143\n");
        bash.Send(Same, until: "same\n");
        bash.Send("exit\n");
        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void In_the_background_it_writes_and_in_the_foreground_it_reads()
    {
        using ScriptedTerminal bash = ScriptedTerminal.Bash();

        bash.Send($"{Programs.Tare} run -- sh -c 'echo be''gun; read x; echo \"<$x>\"' &\n", until: "begun");
        bash.Send("echo sh''ell\n", until: "shell\n");
        bash.Send("fg\n", until: "run");
        bash.Send("typed\n", until: "<typed>");
        bash.WaitFor("> ");

        bash.Send("exit\n");
        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void Tare_itself_can_be_stopped_and_goes_on()
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = ScriptedTerminal.Bash();
        bash.Send($"S={folder.At("stty")}; echo na''med\n", until: "named\n");
        bash.Send("stty -a >$S; echo kept\n", until: "kept\n");
        bash.Send($"{Programs.Tare} run -- sh -c 'echo be''gun; read x; echo \"<$x>\"'\n", until: "begun\n");

        Tool.Run("pkill", "-TSTP", "-P", $"{bash.ProcessId}", "-x", "tare").ShouldSucceed();

        bash.WaitFor("Stopped");
        bash.Send(Same, until: "same\n");
        bash.Send("fg\n", until: "run");
        bash.Send("typed\n", until: "<typed>");
        bash.WaitFor("> ");
        bash.Send("exit\n");
        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void When_the_terminal_is_taken_away_the_program_hangs_up()
    {
        using TemporaryDirectory folder = new();
        string file = folder.Write("told", "");
        using ScriptedTerminal terminal = ScriptedTerminal.Run(
            "--read-write",
            file,
            "--",
            "sh",
            "-c",
            $"trap 'echo hup >{file}; exit 1' HUP; echo ready; sleep 1000 & wait"
        );
        terminal.WaitFor("ready");

        terminal.HangUp();

        Assert.Equal(1, terminal.WaitForEnd());
        Assert.Equal("hup\n", File.ReadAllText(file));
    }

    [Fact]
    public void In_the_background_too_it_ends_when_the_terminal_is_taken_away()
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = ScriptedTerminal.Bash();

        // The pipe's other end is closed when the last of the sandbox is gone.
        string pipe = folder.At("pipe");
        Tool.Run("mkfifo", pipe).ShouldSucceed();
        using RunningTool reader = Tool.Start("cat", pipe);
        bash.Send(
            $"{Programs.Tare} run --read-write {pipe} -- sh -c 'exec 4>{pipe}; echo be''gun; exec sleep 1000' &\n",
            until: "begun"
        );

        bash.HangUp();

        reader.Wait(TimeSpan.FromMinutes(1)).ShouldSucceed();
    }

    [Fact]
    public void Without_a_terminal_the_streams_are_the_callers()
    {
        Assert.Equal("not a tty\n", TareProgram.Run("--", "tty").Output);

        ToolResult result = TareProgram.Run(new ToolOptions { Input = "a\nb\n" }, "--", "sh", "-c", "cat; echo e >&2");
        Assert.Equal(("a\nb\n", "e\n"), (result.Output, result.Errors));
    }

    [Fact]
    public void A_terminal_can_be_had_without_one_and_ended_with_the_input()
    {
        ToolResult result = TareProgram.Run(
            new ToolOptions { Input = "line\n" },
            "--terminal",
            "always",
            "--",
            "sh",
            "-c",
            "tty; cat; echo over"
        );

        result.ShouldSucceed();
        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        Assert.Contains("over", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void None_is_had_where_none_is_wanted()
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run(
            "--terminal",
            "never",
            "--",
            "sh",
            "-c",
            "ls -A /dev/pts"
        );

        Assert.Equal(0, terminal.WaitForEnd());
        Assert.Equal("ptmx\n", terminal.Seen);
    }

    private const string Same = "stty -a | cmp - $S && echo sa''me\n";

    private static int End(string script)
    {
        using ScriptedTerminal terminal = ScriptedTerminal.Run("--", "sh", "-c", script);
        return terminal.WaitForEnd();
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("inspect", "1")]
    [InlineData("run", "--stats", "--", "true")]
    public void What_is_told_in_tables_leaves_the_terminals_keys_as_they_were(params string[] words)
    {
        using ScriptedTerminal terminal = new(24, 80, ["env", "TERM=xterm", Programs.Tare, .. words]);

        _ = terminal.WaitForEnd();

        Assert.NotEqual("", terminal.Seen);
        Assert.DoesNotContain("\e[?1h", terminal.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\e=", terminal.Seen, StringComparison.Ordinal);
    }
}
