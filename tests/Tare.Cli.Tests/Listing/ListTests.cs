using System.Text.Json;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Listing;

/// <summary><c>tare ps</c>, on processes that the tests start.</summary>
public sealed class ListTests
{
    [Fact]
    public void Into_a_pipe_come_plain_columns_with_whole_commands()
    {
        using KnownProcess process = new();

        ToolResult result = TareProgram.Call("ps").ShouldSucceed();

        Assert.Equal(
            ["PID", "USER", "STATE", "TIME", "RSS", "THREADS", "CONTAINER", "COMMAND"],
            Words(result.Lines[0])
        );
        string[] row = Words(Row(result, process));
        Assert.Equal([process.Id, "root", "S", "0:00.00"], row[..4]);
        Assert.Equal(["1", "-", "sleep", process.Mark], row[5..]);
        Assert.DoesNotContain('\e', result.Output);
        int numbers = result.Lines[0].IndexOf("PID", StringComparison.Ordinal) + "PID".Length;
        Assert.All(result.Lines.Skip(1), line => Assert.True(char.IsAsciiDigit(line[numbers - 1]), line));
    }

    [Fact]
    public void On_a_terminal_no_line_is_wider_than_it()
    {
        using KnownProcess process = new();
        using Terminals.ScriptedTerminal terminal = new(
            24,
            60,
            Programs.Tare,
            "ps",
            "--columns",
            "pid,exe,cwd,cgroup,command"
        );

        Assert.Equal(0, terminal.WaitForEnd());
        string[] lines = terminal.Seen.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 60));
        Assert.Contains(lines, line => line.EndsWith('…'));
    }

    [Fact]
    public void Columns_can_be_chosen_and_pss_added()
    {
        using KnownProcess process = new();

        ToolResult chosen = TareProgram.Call("ps", "--columns", "name,nice,pid,policy,uid").ShouldSucceed();
        ToolResult proportional = TareProgram.Call("ps", "--pss").ShouldSucceed();

        Assert.Equal(["sleep", "7", process.Id, "SCHED_OTHER", "0"], Words(Row(chosen, process)));
        Assert.Contains("PSS", Words(proportional.Lines[0]));
        Assert.Matches(@" [0-9.]+ [KM]iB +[0-9.]+ [KM]iB +1  - +sleep ", Row(proportional, process));
    }

    [Fact]
    public void They_are_sorted_by_any_column()
    {
        ToolResult result = TareProgram.Call("ps", "--all", "--sort", "ppid", "--columns", "ppid").ShouldSucceed();

        int[] parents = [.. result.Lines.Skip(1).Select(int.Parse)];
        Assert.Equal(parents.Order(), parents);
        Assert.Equal(0, parents[0]);
    }

    [Fact]
    public void Only_with_all_come_other_users_and_the_kernels_threads()
    {
        using KnownProcess other = new(OrdinaryUser.Id);

        Assert.DoesNotContain(other.Mark, TareProgram.Call("ps").Output, StringComparison.Ordinal);
        string all = TareProgram.Call("ps", "--all").Output;
        Assert.Contains(other.Mark, all, StringComparison.Ordinal);
        Assert.Contains("[kthreadd]", all, StringComparison.Ordinal);
        ToolResult its = TareProgram
            .Call("ps", "--user", $"{OrdinaryUser.Id}", "--columns", "user,pid")
            .ShouldSucceed();
        Assert.All(its.Lines.Skip(1), line => Assert.StartsWith($"{OrdinaryUser.Id} ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_ordinary_user_may_not_know_is_a_dash()
    {
        using OrdinaryUser user = new();
        using KnownProcess process = new();

        ToolResult result = user.Call("ps", "--all", "--columns", "pid,exe,read,pss").ShouldSucceed();

        Assert.Equal([process.Id, "-", "-", "-"], Words(Row(result, process)));
    }

    [Fact]
    public void Children_stand_below_their_parents()
    {
        using RunningTool shell = Tool.Start(
            "sh",
            "-c",
            "sleep 91000001 & a=$!; sleep 91000002 & until grep -q sleep /proc/$a/comm && grep -q sleep /proc/$!/comm; do :; done; "
                + "echo ready; wait"
        );
        shell.WaitForText("ready");

        string tree = TareProgram.Call("ps", "--tree", "--columns", "command").ShouldSucceed().Output;

        Assert.Matches(@"sh -c sleep 91000001[^\n]*\n[│ ]*├─ sleep 91000001\n[│ ]*└─ sleep 91000002\n", tree);
    }

    [Fact]
    public void A_cgroup_is_named_by_path_or_directory()
    {
        using KnownProcess process = new();
        string[] line = File.ReadAllLines($"/proc/{process.Id}/cgroup")
            .Select(text => text.Split(':', 3))
            .MaxBy(text => text[2].Length)!;

        Assert.Contains(process.Mark, TareProgram.Call("ps", "--cgroup", line[2]).Output, StringComparison.Ordinal);
        TareProgram.Call("ps", "--cgroup", "/nobody/has/this").ShouldExitWith(1);
    }

    [Fact]
    public void A_process_in_another_pid_namespace_is_in_a_container()
    {
        Require.Root();
        using RunningTool running = Tool.Start(
            "unshare",
            "--pid",
            "--fork",
            "--mount-proc",
            "sh",
            "-c",
            "echo ready; exec sleep 91000003"
        );
        running.WaitForText("ready");

        ToolResult result = TareProgram
            .Call("ps", "--container", "--columns", "nspid,container,command")
            .ShouldSucceed();

        Assert.Matches(@"\d+/1 +pid:\d+ +(sleep 91000003|sh -c)", result.Output);
        Assert.DoesNotContain("unshare", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_figure()
    {
        using KnownProcess process = new();

        JsonElement all = JsonDocument
            .Parse(TareProgram.Call("ps", "--json", "--pss").ShouldSucceed().Output)
            .RootElement;

        JsonElement its = all.EnumerateArray().Single(one => one.GetProperty("pid").GetInt32() == process.ProcessId);
        Assert.Equal(
            ["sleep", process.Mark],
            its.GetProperty("command").EnumerateArray().Select(word => word.GetString()!)
        );
        Assert.Equal(7, its.GetProperty("nice").GetInt32());
        Assert.Equal(Environment.ProcessId, its.GetProperty("parentPid").GetInt32());
        Assert.InRange(its.GetProperty("proportionalBytes").GetInt64(), 1, its.GetProperty("residentBytes").GetInt64());
        Assert.Equal(JsonValueKind.Null, its.GetProperty("container").ValueKind);
    }

    [Theory]
    [InlineData("--sort: 'nosuch' is no column", "--sort", "nosuch")]
    [InlineData("--columns: 'size' is no column", "--columns", "pid,size")]
    [InlineData("there is no user 'nosuchuser'", "--user", "nosuchuser")]
    [InlineData("'1' is out of place: ps takes options only", "1")]
    public void What_cannot_be_understood_is_one_line(string part, params string[] words)
    {
        ToolResult result = TareProgram.Call(["ps", .. words]).ShouldExitWith(2);

        Assert.Contains(part, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    private static string Row(ToolResult result, KnownProcess process) =>
        result.Lines.Single(line =>
            Words(line).Contains(process.Id) && !line.Contains("--all", StringComparison.Ordinal)
        );

    private static string[] Words(string line)
    {
        // Sizes are a number and a unit, and one value.
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Where(word => word is not ("B" or "KiB" or "MiB" or "GiB" or "TiB"))];
    }
}
