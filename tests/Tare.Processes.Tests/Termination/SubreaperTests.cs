using System.Diagnostics;
using Tare.Linux;

namespace Tare.Processes.Tests.Termination;

/// <summary>There is one of it in a process, so these run by themselves.</summary>
[Collection(nameof(SubreaperTests))]
[CollectionDefinition(nameof(SubreaperTests), DisableParallelization = true)]
public sealed class SubreaperTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_orphan_becomes_a_child_and_is_reaped()
    {
        using Subreaper subreaper = Subreaper.Begin();
        await using IAsyncEnumerator<ChildProcess> adopted = subreaper
            .ReadAdoptedAsync(Cancelled)
            .GetAsyncEnumerator(Cancelled);
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sh -c 'read x; exit 5' <&3 & echo $!")
            {
                AdoptOrphans = true,
                StandardOutput = ChildStream.Pipe,
                Descriptors = System.Collections.Immutable.ImmutableDictionary<int, FileDescriptor>.Empty.Add(
                    3,
                    Hold(out PipePair pipe)
                ),
            }
        );
        pipe.ReadEnd.Dispose();
        using StreamReader output = new(child.StandardOutput!);
        int number = int.Parse((await output.ReadLineAsync(Cancelled))!);
        Assert.True((await child.WaitForExitAsync(Cancelled)).Success);

        // Orphans of other tests, which run at the same time, may come first.
        do
        {
            Assert.True(await adopted.MoveNextAsync());
        } while (adopted.Current.ProcessId != number);

        await using ChildProcess orphan = adopted.Current;
        Assert.False(orphan.HasExited);
        pipe.Dispose();

        Assert.Equal(5, (await orphan.WaitForExitAsync(Cancelled)).ExitCode);
        Assert.False(ProcStat.Read(number).Ok);
    }

    [Fact]
    public async Task Children_of_other_parts_of_the_program_are_left_alone()
    {
        using Subreaper subreaper = Subreaper.Begin();
        List<ChildProcess> adopted = [];
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task reading = Task.Run(
            async () =>
            {
                await foreach (ChildProcess orphan in subreaper.ReadAdoptedAsync(over.Token))
                {
                    adopted.Add(orphan);
                }
            },
            Cancelled
        );
        for (int i = 0; i < 50; i++)
        {
            using Process process = Process.Start("sh", ["-c", $"exit {i}"]);
            await using ChildProcess child = ChildProcess.Start(
                new("sh", "-c", "(sleep 0) & (exit 1) & exit 3") { AdoptOrphans = true }
            );
            await process.WaitForExitAsync(Cancelled);
            Assert.Equal(i, process.ExitCode);
            Assert.Equal(3, (await child.WaitForExitAsync(Cancelled)).ExitCode);
        }

        // Each left two or fewer that it had not reaped itself; all end.
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        foreach (ChildProcess orphan in adopted)
        {
            Assert.True((await orphan.WaitForExitAsync(Cancelled)).ExitCode is 0 or 1);
            orphan.Dispose();
        }
    }

    [Fact]
    public void There_is_one_at_a_time()
    {
        bool before = Linux.Processes.IsSubreaper().Value;
        using (Subreaper.Begin())
        {
            Assert.True(Linux.Processes.IsSubreaper().Value);
            Assert.Throws<InvalidOperationException>(Subreaper.Begin);
        }

        Assert.Equal(before, Linux.Processes.IsSubreaper().Value);
    }

    private static PipeFd Hold(out PipePair pipe)
    {
        pipe = Pipes.Create().OrThrow("make a pipe");
        return pipe.ReadEnd;
    }
}
