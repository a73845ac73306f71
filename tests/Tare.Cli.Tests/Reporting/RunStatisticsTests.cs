using System.Text.Json;
using Tare.Cli.Reporting;
using Tare.Cli.Sandbox;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Cgroups;

namespace Tare.Cli.Tests.Reporting;

public class RunStatisticsTests
{
    private static readonly ResourceUsage Usage = new(
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
        3000,
        0,
        0,
        5,
        6,
        0,
        0
    );

    [Fact]
    public void Without_a_cgroup_all_is_as_the_kernel_told_of_the_program()
    {
        RunStatistics statistics = Of(null);

        Assert.Equal(TimeSpan.FromSeconds(1), statistics.User);
        Assert.Equal(TimeSpan.FromSeconds(2), statistics.System);
        Assert.Equal((3000, 5, 6), (statistics.PeakMemory, statistics.Read, statistics.Written));
        Assert.Null(statistics.PeakTasks);
        Assert.Empty(statistics.CountedByCgroup);
    }

    [Fact]
    public void What_the_cgroup_counted_goes_before_and_is_named()
    {
        RunStatistics statistics = Of(
            new CgroupStatistics
            {
                PeakMemory = 7,
                ReadBytes = 8,
                WrittenBytes = null,
                PeakTasks = 9,
            }
        );

        Assert.Equal((7, 5, 6), (statistics.PeakMemory, statistics.Read, statistics.Written));
        Assert.Equal(9, statistics.PeakTasks);
        Assert.Equal(["memory", "tasks"], statistics.CountedByCgroup);
    }

    [Fact]
    public void A_report_is_one_line_of_json_whatever_it_holds()
    {
        RunReport report = new()
        {
            ExitCode = 137,
            Ended = ExitStatus.Killed(Signal.SIGKILL),
            Error = "a\nb\"c",
            Statistics = Of(null),
            LeftOut = [new LeftOut("--memory", "why", "what helps")],
            ShownReadOnly = ["/data"],
        };

        string line = RunReportJson.Format(report);

        Assert.Equal(1, line.Count(c => c == '\n'));
        JsonElement root = JsonDocument.Parse(line).RootElement;
        Assert.Equal(137, root.GetProperty("exitCode").GetInt32());
        Assert.Equal("SIGKILL", root.GetProperty("programSignal").GetString());
        Assert.False(root.TryGetProperty("programExitCode", out _));
        Assert.Equal("a\nb\"c", root.GetProperty("error").GetString());
        Assert.Equal(1.0, root.GetProperty("statistics").GetProperty("userSeconds").GetDouble());
        Assert.Equal("why: what helps", root.GetProperty("leftOut")[0].GetProperty("why").GetString());
        Assert.Equal("/data", root.GetProperty("readOnly")[0].GetString());
    }

    private static RunStatistics Of(CgroupStatistics? cgroup) =>
        RunStatistics.Of(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), Usage, cgroup);
}
