using System.Globalization;
using System.Text.RegularExpressions;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>kill -9 of <c>tare</c> at every step of a launch. TARE_KILL_BEFORE_STEP: see CONTRIBUTING.md.</summary>
public sealed partial class KilledLaunchTests
{
    [Fact]
    public void Whatever_step_tare_is_killed_at_the_next_start_leaves_nothing()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string[] options = ["--memory", "64m", "--hostname", "killed-here", "--read-write", folder.Path];
        string[] command = ["--", "sh", "-c", "echo started; exit 42"];
        int steps = Steps().Count(TareProgram.Call(["explain", .. options, .. command]).ShouldSucceed().Output);
        Assert.InRange(steps, 100, 1000);
        HostState before = HostState.Take();
        string[] recordsBefore = Records();
        List<string> marks = [];

        int kills = 0;
        for (int step = 1; step <= steps; step++)
        {
            Dictionary<string, string?> environment = new()
            {
                ["TARE_KILL_BEFORE_STEP"] = step.ToString(CultureInfo.InvariantCulture),
            };
            using RunningTool running = Tool.Start(
                Programs.Tare,
                ["run", .. options, .. command],
                new ToolOptions { Environment = environment }
            );
            marks.Add(string.Create(CultureInfo.InvariantCulture, $"run-{running.ProcessId}-"));

            // Returns when nothing of it holds the streams any more.
            ToolResult result = running.Wait();

            // Steps of an alternative that is not taken kill nobody.
            bool killed = result.ExitCode == 137;
            Assert.True(killed || result.ExitCode == 42, $"step {step}: {result.ExitCode}\n{result.Errors}");
            Assert.Equal(killed ? "" : "started\n", result.Output);
            kills += killed ? 1 : 0;
        }

        // What is left is the cgroup and its record, and with them every process, until the next start.
        Assert.InRange(kills, steps / 2, steps);
        TareProgram.Run("--", "true").ShouldSucceed();
        string[] left = HostState.Take().LeftSince(before);
        Assert.DoesNotContain(left.Concat(Records().Except(recordsBefore)), line => marks.Exists(line.Contains));
    }

    private static string[] Records() =>
        Directory.Exists("/run/tare-run")
            ? [.. Directory.EnumerateFileSystemEntries("/run/tare-run", "*", SearchOption.AllDirectories)]
            : [];

    [GeneratedRegex(@"^ *\d+  ", RegexOptions.Multiline)]
    private static partial Regex Steps();
}
