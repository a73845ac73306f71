using System.Text.Json;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Reporting;

/// <summary>What <c>--stats</c>, <c>--trace</c> and <c>--json</c> tell. docs/run-report.md.</summary>
public sealed class ReportTests
{
    [Fact]
    public void Statistics_are_told_behind_the_programs_own_errors()
    {
        ToolResult result = TareProgram.Shell("echo out; echo err >&2", "--stats");

        Assert.Equal("out\n", result.ShouldSucceed().Output);
        string[] lines = result.Errors.TrimEnd('\n').Split('\n');
        Assert.Equal(["err", "tare: statistics"], lines[..2]);
        foreach (string name in (string[])["start", "wall time", "processor time", "peak memory", "disk", "counted by"])
        {
            Assert.Contains(lines[2..], line => line.StartsWith("  " + name + " ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Json_goes_to_a_file_that_is_named()
    {
        using TemporaryDirectory folder = new();
        ToolResult result = TareProgram.Shell("exit 3", "--stats", "--json", folder.At("report"));

        Assert.Empty(result.ShouldExitWith(3).Errors);
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder.At("report"))).RootElement;
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(3, root.GetProperty("exitCode").GetInt32());
        Assert.Equal(3, root.GetProperty("programExitCode").GetInt32());
        Assert.False(root.GetProperty("timedOut").GetBoolean());
        Assert.True(root.GetProperty("statistics").GetProperty("peakMemoryBytes").GetInt64() > 0);
    }

    [Fact]
    public void Json_is_the_last_line_of_errors_where_no_file_is_named()
    {
        string[] lines = TareProgram.Shell("echo err >&2; kill -9 $$", "--json").Errors.TrimEnd('\n').Split('\n');

        Assert.Equal("err", lines[0]);
        JsonElement root = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal("SIGKILL", root.GetProperty("programSignal").GetString());
    }

    [Fact]
    public void A_program_that_does_not_start_is_an_error_in_the_report()
    {
        ToolResult result = TareProgram.Run("--json", "--", "no-such-program");

        string[] lines = result.ShouldExitWith(127).Errors.TrimEnd('\n').Split('\n');
        JsonElement root = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(127, root.GetProperty("exitCode").GetInt32());
        Assert.Equal("tare: " + root.GetProperty("error").GetString(), lines[0]);
        Assert.False(root.TryGetProperty("statistics", out _));
    }

    [Fact]
    public void A_time_out_is_told()
    {
        using TemporaryDirectory folder = new();
        TareProgram.Run("--timeout", "100ms", "--json", folder.At("report"), "--", "sleep", "1000").ShouldExitWith(124);

        Assert.True(
            JsonDocument.Parse(File.ReadAllText(folder.At("report"))).RootElement.GetProperty("timedOut").GetBoolean()
        );
    }

    [Fact]
    public void Root_has_the_memory_of_all_processes_counted()
    {
        Require.Root();
        string python = Require.Program("python3");
        const string Half = "x = bytearray(40 << 20); import os, sys; r, w = os.pipe(); ";
        using TemporaryDirectory folder = new();

        // Two processes at the same time: each has half of it.
        TareProgram
            .Run(
                "--stats",
                "--json",
                folder.At("report"),
                "--",
                python,
                "-c",
                Half + "pid = os.fork(); y = bytearray(40 << 20) if pid == 0 else os.wait()"
            )
            .ShouldSucceed();

        JsonElement statistics = JsonDocument
            .Parse(File.ReadAllText(folder.At("report")))
            .RootElement.GetProperty("statistics");
        Assert.Contains(
            "memory",
            statistics.GetProperty("countedByCgroup").EnumerateArray().Select(one => one.GetString())
        );
        Assert.InRange(statistics.GetProperty("peakMemoryBytes").GetInt64(), 80 << 20, 400 << 20);
    }

    [Fact]
    public void A_trace_has_a_line_for_each_step_that_was_made()
    {
        string[] lines = TareProgram.Run("--trace", "--", "true").ShouldSucceed().Errors.TrimEnd('\n').Split('\n');

        Assert.Equal("tare: steps of the launch", lines[0]);
        Assert.Contains(lines, line => line.EndsWith(" µs  make it the root", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('-' + "0", StringComparison.Ordinal));
    }
}
