using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

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

            Assert.Equal("16\n", result.StandardOutput);
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
    public async Task Processor_time_is_that_of_all_processes_and_of_parts_of_seconds(SandboxLevel level)
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", "for i in 1 2 3 4 5 6 7 8; do while :; do :; done & done; wait"],
            new()
            {
                Level = level,
                CpuTime = TimeSpan.FromMilliseconds(300),
                Cpu = null,
            },
            TestContext.Current.CancellationToken
        );

        // Each by itself would have three seconds.
        Assert.Equal(SandboxEnd.CpuTimeExceeded, result.End);
        Assert.InRange(result.Usage!.CpuTime!.Value.TotalSeconds, 0.3, 10);
    }

    [Fact]
    public async Task What_has_used_more_than_it_may_has_exceeded_the_limit_also_where_it_ends_by_itself()
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "true",
            [],
            new() { CpuTime = TimeSpan.FromTicks(1) },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(SandboxEnd.CpuTimeExceeded, result.End);
        Assert.False(result.Success);
    }

    [Fact]
    public async Task Time_is_up_also_for_a_program_whose_output_is_read_as_it_comes()
    {
        Require.Root();
        await using SandboxedProcess process = Sandbox.Start(
            "sleep",
            ["1000"],
            new() { Time = TimeSpan.FromMilliseconds(100) }
        );

        ProcessExit exit = await process.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Signal.SIGKILL, exit.Status.Signal);
        Assert.Equal(SandboxEnd.TimeExceeded, process.Exceeded);
    }
}
