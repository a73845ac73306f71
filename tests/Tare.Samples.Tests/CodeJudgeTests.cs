using System.Globalization;
using Tare.Fixtures;

namespace Tare.Samples.Tests;

public sealed class CodeJudgeTests
{
    [Fact]
    public void A_hundred_submissions_get_the_verdicts_in_their_names()
    {
        Require.Root();
        Require.Program("gcc");
        Require.Program("python3");

        ToolResult result = Tool.Run(
            Sample.Program("CodeJudge"),
            [Repository.At("samples", "CodeJudge", "submissions")],
            new ToolOptions { Deadline = TimeSpan.FromMinutes(5) }
        );

        Assert.DoesNotContain(result.Lines, line => line.StartsWith('!'));
        Assert.Equal("100 submissions, 0 not as expected", result.ShouldSucceed().Lines[^1]);
        Assert.Equal(
            ["AC", "CE", "MLE", "OLE", "RE", "TLE", "WA"],
            result.Lines[..^1].Select(line => line[2..5].Trim()).Distinct().Order()
        );
    }

    [Fact]
    public void What_was_used_stays_within_the_limits()
    {
        Require.Root();
        Require.Program("python3");
        using TemporaryDirectory folder = new();
        File.Copy(Repository.At("samples", "CodeJudge", "submissions", "memory.MLE.py"), folder.At("memory.MLE.py"));
        File.Copy(Repository.At("samples", "CodeJudge", "submissions", "loop.TLE.sh"), folder.At("loop.TLE.sh"));

        ToolResult result = Tool.Run(Sample.Program("CodeJudge"), folder.Path).ShouldSucceed();

        foreach (string line in result.Lines[..^1])
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.InRange(long.Parse(words[5], CultureInfo.InvariantCulture), 0, 64 * 1024);
            Assert.InRange(long.Parse(words[3], CultureInfo.InvariantCulture), 0, 2000);
        }
    }

    [Fact]
    public void A_wrong_name_is_found_out()
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        folder.Write("lies.AC.sh", "exit 1");

        ToolResult result = Tool.Run(Sample.Program("CodeJudge"), folder.Path).ShouldExitWith(1);

        Assert.Equal("4 submissions, 4 not as expected", result.Lines[^1]);
    }
}
