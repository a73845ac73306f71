using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Termination;

/// <summary>One child, and all ways of waiting for it at once.</summary>
public sealed class WaitingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_waits_in_whatever_way_is_told_the_same()
    {
        for (int round = 0; round < 50; round++)
        {
            using ChildProcess child = ChildProcess.Start(
                new ProcessStartOptions("/bin/sh", "-c", "read line; exit 7") { StandardInput = ChildStream.Pipe }
            );
            Task<ProcessExit>[] waiting =
            [
                child.WaitForExitAsync(Cancelled),
                Blocking(() => child.WaitForExit()),
                Blocking(() => child.WaitForExit()),
                Blocking(() => child.WaitForExit(TimeSpan.FromMinutes(5))!),
                Blocking(() =>
                {
                    SpinWait.SpinUntil(() => child.HasExited);
                    return child.WaitForExit();
                }),
            ];
            child.StandardInput!.Write("go\n"u8);

            ProcessExit[] exits = await Task.WhenAll(waiting);

            Assert.All(exits, exit => Assert.Equal(7, exit.ExitCode));
            Assert.All(exits, exit => Assert.Same(exits[0], exit));
        }
    }

    [Fact]
    public async Task A_time_that_is_none_is_said_before_anything_is_signalled()
    {
        using ChildProcess child = ChildProcess.Start(
            new ProcessStartOptions("/bin/sh", "-c", "read line; exit 7") { StandardInput = ChildStream.Pipe }
        );
        foreach (TimeSpan none in (TimeSpan[])[TimeSpan.FromSeconds(-5), TimeSpan.MaxValue])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => child.StopAsync(none));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => child.StopTreeAsync(none));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => child.StopAsync(TimeSpan.Zero, Signal.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => child.WaitForExit(TimeSpan.FromSeconds(-5)));
        child.StandardInput!.Dispose();

        Assert.Equal(7, child.WaitForExit(Timeout.InfiniteTimeSpan)!.ExitCode);
    }

    [Fact]
    public async Task A_child_that_was_disposed_and_has_ended_can_be_asked_and_ended_still()
    {
        ChildProcess child = ChildProcess.Start(new ProcessStartOptions("sleep", "1000"));
        await Task.WhenAll(Task.Run(child.Dispose, Cancelled), Task.Run(child.Dispose, Cancelled));

        Assert.True(child.Kill());

        ProcessExit exit = await child.WaitForExitAsync(Cancelled);
        for (int i = 0; i < 100; i++)
        {
            // Its descriptor is closed meanwhile.
            Assert.False(child.Kill());
            Assert.False(child.Signal(Signal.SIGUSR1, 5));
            Assert.True(child.KillTree());
            Assert.Same(exit, await child.StopAsync(TimeSpan.FromMinutes(1), cancellationToken: Cancelled));
            await Task.Yield();
        }

        Assert.True(child.Handle.IsClosed);
        Assert.Same(exit, await child.StopTreeAsync(TimeSpan.FromMinutes(1), cancellationToken: Cancelled));
    }

    [Fact]
    public async Task A_childs_own_descriptor_is_waited_for_by_many_at_once()
    {
        using ChildProcess child = ChildProcess.Start(
            new ProcessStartOptions("/bin/sh", "-c", "read line; exit 7") { StandardInput = ChildStream.Pipe }
        );
        Task<ExitStatus?>[] waiting =
        [
            ProcessMonitor.WaitForExitAsync(child.Handle, Cancelled),
            ProcessMonitor.WaitForExitAsync(child.Handle, Cancelled),
        ];
        child.StandardInput!.Dispose();

        ExitStatus?[] seen = await Task.WhenAll(waiting);

        Assert.All(seen, status => Assert.True(status is null or { ExitCode: 7 }));
    }

    [Fact]
    public async Task A_prepared_start_is_made_again_and_again_by_many_threads()
    {
        PreparedStart start = new(
            new ProcessStartOptions("/bin/sh", "-c", "echo $VARIABLE")
            {
                Environment = ProcessEnvironment.Of([KeyValuePair.Create("VARIABLE", "as it was")]),
                StandardOutput = ChildStream.Pipe,
            }
        );

        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(_ =>
                    Blocking(() =>
                    {
                        for (int i = 0; i < 10; i++)
                        {
                            using ChildProcess child = start.Start();
                            using StreamReader reader = new(child.StandardOutput!);
                            Assert.Equal("as it was\n", reader.ReadToEnd());
                            Assert.True(child.WaitForExit().Success);
                        }

                        return 0;
                    })
                )
        );
    }

    [Fact]
    public void A_prepared_start_that_failed_can_be_made_again()
    {
        string program = Path.Combine(Directory.CreateTempSubdirectory("tare-test-").FullName, "program");
        PreparedStart start = new(new ProcessStartOptions(program));
        for (int i = 0; i < 3; i++)
        {
            Assert.Throws<ProcessStartException>(() => start.Start());
            File.CreateSymbolicLink(program, "/bin/false");
            using (ChildProcess child = start.Start())
            {
                Assert.Equal(1, child.WaitForExit().ExitCode);
            }

            File.Delete(program);
        }

        Directory.Delete(Path.GetDirectoryName(program)!);
    }

    private static Task<T> Blocking<T>(Func<T> wait) =>
        Task.Factory.StartNew(wait, Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
