using System.Globalization;
using System.Text.RegularExpressions;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

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
        int steps = Steps().Count(Tool.Run(Programs.Tare, ["explain", .. options, "--", "sleep", "1000"]).Output);
        Assert.InRange(steps, 100, 1000);
        HostState before = HostState.Take();

        for (int step = 1; step <= steps; step++)
        {
            ToolResult killed = Tool.Run(
                Programs.Tare,
                ["run", "--timeout", "1s", .. options, "--", "sleep", "1000"],
                new ToolOptions
                {
                    Environment = new Dictionary<string, string?>
                    {
                        ["TARE_KILL_BEFORE_STEP"] = step.ToString(CultureInfo.InvariantCulture),
                    },
                    Deadline = TimeSpan.FromMinutes(1),
                }
            );

            // Steps of an alternative that is not taken kill nobody: the program runs until its time is up.
            Assert.True(killed.ExitCode is 137 or 124, $"step {step}: {killed.ExitCode}\n{killed.Errors}");
        }

        TareProgram.Run("--", "true").ShouldSucceed();
        AwaitEnd(HostState.Take().LeftSince(before));
        before.ShouldBeAsBefore("run-");
        Assert.Empty(Directory.EnumerateFileSystemEntries("/run/tare-run/@in-progress"));
    }

    [GeneratedRegex(@"^ *\d+  ", RegexOptions.Multiline)]
    private static partial Regex Steps();

    // A process that was killed a moment ago may still be there.
    private static void AwaitEnd(string[] lines)
    {
        foreach (string line in lines.Where(line => line.StartsWith("process ", StringComparison.Ordinal)))
        {
            int id = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            SysResult<PidFd> process = PidFds.Open(id);
            if (process.Ok)
            {
                using PidFd opened = process.Value;
                Poll.Wait(opened, PollEvents.POLLIN, TimeSpan.FromSeconds(1));
            }
        }
    }
}
