using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>The end of a sandbox and of a pool, from any side and more than once.</summary>
public sealed class SandboxDisposalTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SandboxLevel.Process)]
    [InlineData(SandboxLevel.Container)]
    public async Task A_sandbox_is_disposed_by_many_at_once_and_can_be_killed_afterwards(SandboxLevel level)
    {
        Require.Root();
        SandboxedProcess process = Sandbox.Start("sleep", ["1000"], new() { Level = level });

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => process.DisposeAsync().AsTask(), Cancelled))
        );

        Assert.True(process.Process.HasExited);
        process.Kill();
        await process.DisposeAsync();
    }

    [Fact]
    public async Task A_pool_is_disposed_by_many_at_once_and_then_gives_nothing()
    {
        Require.Root();
        SandboxPool pool = new(new(), 1);
        await using SandboxedProcess given = await pool.StartAsync("sleep", ["1000"], cancellationToken: Cancelled);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => pool.DisposeAsync().AsTask(), Cancelled)));

        await pool.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            pool.RunAsync("true", [], cancellationToken: Cancelled)
        );
        Assert.False(given.Process.HasExited);
    }

    [Fact]
    public async Task Its_output_is_captured_once()
    {
        Require.Root();
        await using SandboxedProcess process = Sandbox.Start("echo", ["once"]);
        Assert.Equal("once\n", (await process.RunAsync(Cancelled)).StandardOutput);

        await Assert.ThrowsAsync<InvalidOperationException>(() => process.RunAsync(Cancelled));
    }

    [Fact]
    public async Task A_caller_that_waits_with_its_only_thread_is_not_waited_for()
    {
        Require.Root();
        await using SandboxPool pool = new(new(), 2);
        Silent context = new();
        TaskCompletionSource done = new();
        Thread only = new(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            for (int i = 0; i < 20; i++)
            {
                // What comes back to this thread would wait for it.
                pool.WaitUntilFullAsync().GetAwaiter().GetResult();
                pool.RunAsync("true", []).GetAwaiter().GetResult();
                Sandbox.RunAsync("true", []).GetAwaiter().GetResult();
                ChildProcess.RunAndCaptureTextAsync(new("true")).GetAwaiter().GetResult();
            }

            done.SetResult();
        })
        {
            IsBackground = true,
        };
        only.Start();

        await Task.WhenAny(done.Task, context.Asked).WaitAsync(Cancelled);

        Assert.False(context.Asked.IsCompleted);
        Assert.True(done.Task.IsCompletedSuccessfully);
    }

    /// <summary>A context whose thread never comes to what it is asked for.</summary>
    private sealed class Silent : SynchronizationContext
    {
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => asked.Task;

        public override void Post(SendOrPostCallback d, object? state) => asked.TrySetResult();
    }
}
