using System.Text.Json;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>Limits, which take cgroups, which take root here.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_program_that_needs_more_memory_is_killed_and_told_why()
    {
        Require.Root();
        string python = Require.Program("python3");

        ToolResult result = TareProgram.Run("--memory", "64m", "--", python, "-c", "x = bytearray(256 << 20)");

        result.ShouldExitWith(137);
        Assert.Equal(
            "tare: the memory limit of 64 MiB was reached and the kernel killed a process for it (raise --memory)\n",
            result.Errors
        );
    }

    [Fact]
    public void A_program_that_needs_less_memory_is_not_disturbed()
    {
        Require.Root();
        string python = Require.Program("python3");

        TareProgram.Run("--memory", "256m", "--", python, "-c", "x = bytearray(64 << 20)").ShouldSucceed();
    }

    [Fact]
    public void The_limit_of_memory_is_one_of_swap_too()
    {
        Require.Root();
        ToolResult result = TareProgram.Shell(
            "cat /sys/fs/cgroup/memory.swap.max /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes 2>/dev/null; true",
            "--memory",
            "128m"
        );

        string[] lines = result.ShouldSucceed().Lines;
        Assert.SkipWhen(lines.Length == 0, "this kernel does not count swap");
        Assert.Contains(lines[0], (string[])["0", $"{128 << 20}"]);
    }

    [Fact]
    public void No_more_processes_are_made_than_allowed()
    {
        Require.Root();

        ToolResult result = TareProgram.Shell(
            "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; echo all",
            "--pids",
            "8"
        );

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("all", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_sees_its_own_limits_and_nothing_above_them()
    {
        Require.Root();
        ToolResult result = TareProgram.Shell(
            "cat /proc/self/cgroup | cut -d: -f3 | sort -u; "
                + "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; "
                + "mkdir /sys/fs/cgroup/x /sys/fs/cgroup/memory/x 2>/dev/null && echo made; true",
            "--memory",
            "128m"
        );

        Assert.Equal(["/", $"{128 << 20}"], result.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_share_of_a_processor_is_all_that_is_had()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string report = folder.At("report");

        // However long it runs beside other work: of the time that passed at most the share was had.
        TareProgram
            .Run("--cpus", "0.2", "--timeout", "1s", "--json", report, "--", "sh", "-c", "while :; do :; done")
            .ShouldExitWith(124);

        JsonElement statistics = JsonDocument.Parse(File.ReadAllText(report)).RootElement.GetProperty("statistics");
        double processor =
            statistics.GetProperty("userSeconds").GetDouble() + statistics.GetProperty("systemSeconds").GetDouble();
        Assert.InRange(processor, 0.01, 0.6 * statistics.GetProperty("wallSeconds").GetDouble());
    }

    [Fact]
    public void Who_may_make_no_cgroup_is_told_so_and_what_helps()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Call("run", "--pids", "10", "--", "true");

        result.ShouldExitWith(125);
        Assert.StartsWith("tare: --pids: this user may make no cgroup here (", result.Errors, StringComparison.Ordinal);
        Assert.Contains("systemd-run --user --scope -p Delegate=yes", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--best-effort", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void By_best_effort_a_limit_is_left_out_and_that_is_told()
    {
        using OrdinaryUser user = new();

        ToolResult result = user.Call("run", "--pids", "10", "--memory", "1g", "--best-effort", "--json", "--", "true");

        string[] lines = result.ShouldSucceed().Errors.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("tare: left out: --memory (", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("tare: left out: --pids (", lines[1], StringComparison.Ordinal);
        JsonElement left = JsonDocument.Parse(lines[2]).RootElement.GetProperty("leftOut");
        Assert.Equal(
            ["--memory", "--pids"],
            left.EnumerateArray().Select(one => one.GetProperty("option").GetString())
        );
    }

    [Fact]
    public void A_user_with_a_cgroup_of_its_own_has_limits()
    {
        using OrdinaryUser user = new();
        using DelegatedCgroup cgroup = new("pids", OrdinaryUser.Id);
        OrdinaryUser.MakeDirectory(Path.Combine(user.Home, "session"));
        string script =
            $"{cgroup.Enter} exec setpriv --reuid={OrdinaryUser.Id} --regid={OrdinaryUser.Id} --clear-groups -- "
            + $"env XDG_RUNTIME_DIR={user.Home}/session {user.Tare} run --pids 6 -- "
            + "sh -c 'for i in 1 2 3 4 5 6 7; do sleep 1000 & done; echo all'";

        ToolResult result = Tool.Run("sh", ["-c", script], user.Options with { User = null });

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("all", result.Output, StringComparison.Ordinal);
        Assert.Contains("fork", result.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(cgroup.Below);
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{user.Home}/session/tare-run/@in-progress"));
    }
}
