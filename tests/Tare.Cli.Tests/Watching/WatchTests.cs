using System.Text.Json;
using Tare.Cli.Tests.Terminals;
using Tare.Fixtures;
using Tare.Linux;

namespace Tare.Cli.Tests.Watching;

/// <summary><c>tare top</c>, on a terminal with a script at the keys and into pipes.</summary>
public sealed class WatchTests
{
    private const string CtrlC = "\u0003";
    private const string CtrlZ = "\u001a";
    private const string OwnScreen = "\e[?1049h\e[?25l";
    private const string GivenBack = "\e[?25h\e[?1049l";
    private const string PictureEnds = "\e[?2026l";
    private const string Down = "\e[B";
    private const string Same = "stty -a | cmp - $S && echo sa''me\n";

    [Fact]
    public void It_shows_plots_and_processes_until_q()
    {
        using ScriptedTerminal terminal = Start();

        terminal.WaitFor(OwnScreen);
        terminal.WaitFor("tare top  up ");
        terminal.WaitFor("processors ");
        terminal.WaitFor("memory ");
        terminal.WaitFor("pressure");
        terminal.WaitFor("PID");
        terminal.WaitFor("COMMAND");
        terminal.WaitFor("q quit");
        terminal.Send("q");

        Assert.Equal(0, terminal.WaitForEnd());
        Assert.EndsWith(GivenBack, terminal.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q", 0)]
    [InlineData(CtrlC, 130)]
    public void The_terminals_settings_are_as_before(string key, int status)
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = BashWithTop(folder);

        bash.Send(key, until: GivenBack);
        bash.Send("echo sta''tus $?\n", until: $"status {status}\n");
        bash.Send(Same, until: "same\n");
        bash.Send("exit\n");
        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void Killed_by_a_signal_it_gives_the_terminal_back()
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = BashWithTop(folder);

        Tool.Run("pkill", "-TERM", "-P", $"{bash.ProcessId}", "-x", "tare").ShouldSucceed();

        bash.WaitFor(GivenBack);
        bash.Send("echo sta''tus $?\n", until: "status 143\n");
        bash.Send(Same, until: "same\n");
        bash.Send("exit\n");
        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void Stopped_by_a_key_it_gives_the_terminal_back_and_goes_on_later()
    {
        using TemporaryDirectory folder = new();
        using ScriptedTerminal bash = BashWithTop(folder);

        bash.Send(CtrlZ, until: GivenBack);
        bash.WaitFor("Stopped");
        bash.Send(Same, until: "same\n");
        bash.Send("fg\n", until: OwnScreen);
        bash.WaitFor("q quit");
        bash.Send("q", until: GivenBack);
        bash.Send(Same, until: "same\n");
        bash.Send("exit\n");
        Assert.Equal(0, bash.WaitForEnd());
    }

    [Fact]
    public void Without_its_terminal_it_ends()
    {
        using ScriptedTerminal terminal = Start();
        terminal.WaitFor("q quit");

        terminal.HangUp();

        Assert.Equal(129, terminal.WaitForEnd());
    }

    [Fact]
    public void A_process_is_filtered_chosen_and_killed_once_that_is_confirmed()
    {
        using KnownProcess process = new();
        using ScriptedTerminal terminal = Start();
        terminal.WaitFor("q quit");

        terminal.Send("k", until: "choose a process with the arrow keys first");
        terminal.Send("/", until: "only what holds: _");
        terminal.Send(process.Mark, until: $"only what holds: {process.Mark}_");
        terminal.Send("\r", until: "q quit");
        terminal.Send(Down + "k", until: $"end process {process.Id} (sleep)?");
        terminal.Send("n", until: "nothing was killed");
        Assert.True(ProcStat.Read(process.ProcessId).Ok);
        terminal.Send("k", until: $"end process {process.Id} (sleep)?");
        terminal.Send("y", until: $"SIGTERM was sent to process {process.Id} (sleep)");

        Assert.Equal(143, process.WaitForExit());
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Fact]
    public void What_stays_the_same_is_not_drawn_again()
    {
        using ScriptedTerminal terminal = Start();
        terminal.WaitFor("q quit");

        // Looks follow one another, in which figures change and the line of keys does not.
        string drawn = "";
        for (int i = 0; i < 5; i++)
        {
            drawn += terminal.WaitFor(PictureEnds);
        }

        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForEnd());
        Assert.DoesNotContain("q quit", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', drawn);
    }

    [Fact]
    public void Another_size_is_another_picture()
    {
        using ScriptedTerminal terminal = Start();
        terminal.WaitFor("q quit");

        terminal.Resize(10, 50);

        terminal.WaitFor("\e[2J");
        terminal.WaitFor("\e[10;1H");
        terminal.Send("q");
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Fact]
    public void Into_a_pipe_it_prints_a_look()
    {
        using KnownProcess process = new();

        ToolResult result = TareProgram.Call("top", "--once", "--interval", "100ms", "--sort", "pid").ShouldSucceed();

        Assert.Matches(@"^up .*, load [0-9. ]+, \d+ processes, \d+ running$", result.Lines[0]);
        Assert.Matches(@"^processors: [0-9.]+ % of \d+ \(user ", result.Lines[1]);
        Assert.Matches(@"^memory: .* of .*, swap ", result.Lines[2]);
        Assert.StartsWith("pressure: processors ", result.Lines[3], StringComparison.Ordinal);
        Assert.Equal(
            ["PID", "USER", "STATE", "CPU%", "RSS", "READ/S", "WRITTEN/S", "TIME", "CONTAINER", "COMMAND"],
            result.Lines[4].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Contains($"sleep {process.Mark}", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public void Processor_time_is_counted_between_two_looks()
    {
        using RunningTool busy = Tool.Start("sh", "-c", "echo ready; while :; do :; done");
        busy.WaitForText("ready");

        JsonElement root = JsonDocument
            .Parse(TareProgram.Call("top", "--once", "--json", "--interval", "500ms").ShouldSucceed().Output)
            .RootElement;

        JsonElement its = root.GetProperty("processes")
            .EnumerateArray()
            .Single(one => one.GetProperty("pid").GetInt32() == busy.ProcessId);
        Assert.InRange(its.GetProperty("cpuPercent").GetDouble(), 1, 110);
        Assert.InRange(root.GetProperty("cpuPercent").GetDouble(), 0.1, 100);
        Assert.InRange(root.GetProperty("memoryUsedBytes").GetInt64(), 1, root.GetProperty("memoryBytes").GetInt64());
    }

    [Fact]
    public void Without_once_it_goes_on_until_nobody_reads()
    {
        ToolResult result = Tool.Run("sh", "-c", $"{Programs.Tare} top --json --interval 50ms | head -n 3");

        Assert.Equal(3, result.ShouldSucceed().Lines.Length);
        Assert.All(
            result.Lines,
            line => Assert.Equal(1, JsonDocument.Parse(line).RootElement.GetProperty("version").GetInt32())
        );
    }

    private static ScriptedTerminal Start() =>
        new(30, 120, "env", "TERM=xterm", Programs.Tare, "top", "--interval", "100ms");

    private static ScriptedTerminal BashWithTop(TemporaryDirectory folder)
    {
        ScriptedTerminal bash = ScriptedTerminal.Bash();
        bash.Send($"S={folder.At("stty")}; echo na''med\n", until: "named\n");
        bash.Send("stty -a >$S; echo kept\n", until: "kept\n");
        bash.Send($"TERM=xterm {Programs.Tare} top --interval 100ms\n", until: OwnScreen);
        bash.WaitFor("q quit");
        return bash;
    }
}
