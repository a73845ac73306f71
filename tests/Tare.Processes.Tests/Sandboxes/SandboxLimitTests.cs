using Tare.Fixtures;
using Tare.Linux;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class SandboxLimitTests
{
    [Fact]
    public async Task What_this_process_has_open_does_not_count_against_a_sandboxs_limit_of_open_files()
    {
        Require.Root();
        SandboxOptions options = new() { OpenFiles = 16 };
        PipePair[] many = [.. Enumerable.Range(0, 20).Select(_ => Pipes.Create().OrThrow("make a pipe"))];
        try
        {
            SandboxResult result = await Sandbox.RunAsync(
                "sh",
                ["-c", "ulimit -n"],
                options,
                TestContext.Current.CancellationToken
            );

            Assert.Equal("16\n", result.Output);
        }
        finally
        {
            foreach ((PipeFd read, PipeFd write) in many)
            {
                read.Dispose();
                write.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Processor_time_ends_at_the_limit_also_where_the_program_is_the_first_of_its_namespace(
        SandboxLevel level
    )
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", "while :; do :; done"],
            new()
            {
                Level = level,
                CpuTime = TimeSpan.FromSeconds(1),
                Time = TimeSpan.FromMinutes(1),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(SandboxEnd.CpuTimeExceeded, result.End);
        Assert.InRange(result.Exit.Usage.CpuTime.TotalSeconds, 0.5, 1.5);
    }
}
