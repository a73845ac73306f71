using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class SandboxPoolTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task Programs_run_one_after_the_other_each_in_a_sandbox_of_its_own(SandboxLevel level)
    {
        Require.Root();
        await using SandboxPool pool = new(new() { Level = level }, 2);
        for (int i = 0; i < 6; i++)
        {
            SandboxResult result = await pool.RunAsync(
                "sh",
                ["-c", "cat; echo $1; ls $TMPDIR; touch $TMPDIR/mine", "sh", $"argument {i}"],
                "input\n"u8.ToArray(),
                Cancelled
            );

            Assert.Equal(("", $"input\nargument {i}\n"), (result.Error, result.Output));
            Assert.True(result.Success);
            Assert.True(result.Held.NoNewPrivileges);
            Assert.Equal(1, result.Held.SeccompFilters);
        }
    }

    [Fact]
    public async Task Many_at_once_get_what_they_asked_for()
    {
        Require.Root();
        await using SandboxPool pool = new(new(), 4);

        SandboxResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => pool.RunAsync("echo", [$"{i}"], cancellationToken: Cancelled))
        );

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}\n"), results.Select(result => result.Output));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_to_be()
    {
        Require.Root();
        await using SandboxPool pool = new(new(), 1);

        ProcessStartException failure = await Assert.ThrowsAsync<ProcessStartException>(() =>
            pool.RunAsync("nothing-such", [], cancellationToken: Cancelled)
        );

        Assert.Equal((nameof(ProcessStartOptions.FileName), Errno.ENOENT), (failure.Setting, failure.Errno));
    }

    [Fact]
    public async Task A_pool_that_cannot_make_sandboxes_tells_who_asks()
    {
        await using SandboxPool pool = new(new() { ReadOnly = ["/nowhere/at/all"] }, 1);

        await Assert.ThrowsAsync<Tare.Linux.KernelException>(() =>
            pool.RunAsync("true", [], cancellationToken: Cancelled)
        );
    }
}
