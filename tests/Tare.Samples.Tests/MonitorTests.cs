using System.Globalization;
using Tare.Fixtures;

namespace Tare.Samples.Tests;

public sealed class MonitorTests
{
    [Fact]
    public void A_process_that_computes_shows_its_rate_and_memory()
    {
        using RunningTool busy = Tool.Start("sh", "-c", "while :; do :; done");

        ToolResult result = Tool.Run(
                Sample.Program("Monitor"),
                "--samples",
                "3",
                "--interval",
                "0.3",
                $"{busy.ProcessId}",
                $"{Environment.ProcessId}"
            )
            .ShouldSucceed();

        string[][] rows =
        [
            .. result
                .Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words[0] == $"{busy.ProcessId}"),
        ];
        Assert.Equal(3, rows.Length);
        Assert.Equal(7, result.Lines.Length);
        Assert.All(rows, words => Assert.Equal("sh", words[1]));
        Assert.True(double.Parse(rows[2][3], CultureInfo.InvariantCulture) > 1);
        Assert.True(double.Parse(rows[2][4], CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public void The_end_of_a_process_is_said()
    {
        using RunningTool shortly = Tool.Start("sh", "-c", "read line");
        using RunningTool monitor = Tool.Start(Sample.Program("Monitor"), "--interval", "0.05", $"{shortly.ProcessId}");
        monitor.WaitForText(" sh ");
        shortly.Wait();

        Assert.Equal($"{shortly.ProcessId, 8} has ended", monitor.Wait().ShouldSucceed().Lines[^1]);
    }

    [Fact]
    public void A_process_that_is_not_there_is_an_error_in_words()
    {
        ToolResult result = Tool.Run(Sample.Program("Monitor"), "4194303").ShouldExitWith(1);

        Assert.Contains("ESRCH", result.Errors, StringComparison.Ordinal);
    }
}
