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
            Assert.Throws<ProcessStartException>(start.Start);
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
