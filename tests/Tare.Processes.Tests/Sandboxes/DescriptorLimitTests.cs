using Tare.Fixtures;
using Tare.Linux;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class DescriptorLimitTests
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
}
