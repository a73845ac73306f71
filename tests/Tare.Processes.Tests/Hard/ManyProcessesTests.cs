using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Hard;

/// <summary>
/// Many short processes from many threads. TARE_PROCESSES says how many: 2,000 unless set, a million by hand. What is open and
/// whose children there are is compared for the whole program, so these run by themselves.
/// </summary>
[Collection(nameof(ManyProcessesTests))]
[CollectionDefinition(nameof(ManyProcessesTests), DisableParallelization = true)]
public sealed class ManyProcessesTests
{
    private const int Threads = 32;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static int Count =>
        int.TryParse(
            Environment.GetEnvironmentVariable("TARE_PROCESSES"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int count
        )
            ? count
            : 2_000;

    [Fact]
    public async Task None_is_lost_and_none_reaped_twice_and_nothing_stays_open()
    {
        PreparedStart[] starts =
        [
            .. Enumerable.Range(0, 8).Select(code => new PreparedStart(new("sh", "-c", $"exit {code}"))),
            new PreparedStart(new("sh", "-c", "kill -KILL $$")),
        ];
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await ManyAsync(starts, Threads * 2);

        // What other tests let go is closed before it is counted.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        string[] before = Open();
        Thread load = Load(over.Token);

        int[] ends = await ManyAsync(starts, Count);

        await over.CancelAsync();
        load.Join();
        Assert.Equal(Count, ends.Sum());
        int each = Count / starts.Length;
        Assert.All(ends, number => Assert.InRange(number, each, each + 1));

        // What other tests let go may be closed meanwhile.
        await UntilAsync(() => !Open().Except(before).Any());
        Assert.Empty(Open().Except(before));
    }

    [Fact]
    public async Task Nothing_stays_in_memory_of_what_has_ended()
    {
        PreparedStart[] starts = [new PreparedStart(new("true") { StandardOutput = ChildStream.Pipe })];
        await ManyAsync(starts, 500);
        long before = await MemoryAsync();

        await ManyAsync(starts, 2_000);

        // What a child that is not let go costs is some hundred bytes; 2,000 of them would be seen.
        long after = await MemoryAsync();
        Assert.True(after - before < 200_000, $"{before} bytes before, {after} after");
    }

    [Fact]
    public async Task Other_parts_of_the_program_wait_for_their_own_children()
    {
        ConcurrentBag<int> told = [];
        using PosixSignalRegistration handler = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => told.Add(1));
        PreparedStart start = new(new("sh", "-c", "exit 9"));
        Task[] loops =
        [
            .. Enumerable.Range(0, 4).Select(_ => Task.Run(OthersAsync, Cancelled)),
            .. Enumerable.Range(0, 4).Select(_ => Task.Run(OwnAsync, Cancelled)),
        ];

        await Task.WhenAll(loops);

        Assert.NotEmpty(told);

        async Task OthersAsync()
        {
            for (int i = 0; i < 50; i++)
            {
                using Process process = Process.Start(
                    new ProcessStartInfo("sh", ["-c", $"echo {i}; exit {i}"])
                    {
                        RedirectStandardOutput = true,
                        UseShellExecute = false,
                    }
                )!;
                Assert.Equal($"{i}\n", await process.StandardOutput.ReadToEndAsync(Cancelled));
                await process.WaitForExitAsync(Cancelled);
                Assert.Equal(i, process.ExitCode);
            }
        }

        async Task OwnAsync()
        {
            for (int i = 0; i < 50; i++)
            {
                await using ChildProcess child = start.Start();
                Assert.Equal(9, (await child.WaitForExitAsync(Cancelled)).ExitCode);
            }
        }
    }

    // How often each start's end was seen, which is told by how it ended.
    private static async Task<int[]> ManyAsync(PreparedStart[] starts, int count)
    {
        int[] ends = new int[starts.Length];
        int next = -1;
        ConcurrentBag<Task> waits = [];
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(_ => new Thread(() =>
                {
                    for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                    {
                        ChildProcess child = starts[i % starts.Length].Start();
                        if (i % 2 == 0)
                        {
                            Note(child.WaitForExit());
                            child.Dispose();
                        }
                        else
                        {
                            waits.Add(NoteAsync(child));
                        }
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await Task.WhenAll(waits);
        return ends;

        async Task NoteAsync(ChildProcess child)
        {
            Note(await child.WaitForExitAsync(Cancelled));
            child.Dispose();
        }

        void Note(ProcessExit exit) =>
            Interlocked.Increment(ref ends[exit.ExitCode ?? (exit.Status.Signal == Signal.SIGKILL ? 8 : -1)]);
    }

    // Memory of all generations is made and dropped, so that collections fall into launches.
    private static Thread Load(CancellationToken over)
    {
        Thread thread = new(() =>
        {
            List<byte[]> kept = [];
            while (!over.IsCancellationRequested)
            {
                kept.Add(new byte[Random.Shared.Next(1 << 17)]);
                if (kept.Count > 200)
                {
                    kept.Clear();
                    GC.Collect();
                }
            }
        });
        thread.Start();
        return thread;
    }

    // Descriptors and children.
    private static string[] Open()
    {
        using DirectoryFd self = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        IEnumerable<string> files = ProcDirectory
            .FileNumbers(self)
            .OrThrow("list")
            .Select(number => ProcDirectory.Target(self, $"fd/{number}").Value);
        int children = ProcDirectory.Children(self).OrThrow("list").Count;
        return [.. files.Where(IsOurs).Order(StringComparer.Ordinal), $"{children} children"];
    }

    // The runtime opens assemblies when they are needed first. What was open only for the list has no target any more.
    private static bool IsOurs(string target) =>
        target.Length > 0 && !target.Contains(".dll", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 10_000 && !condition(); i++)
        {
            await Task.Yield();
        }
    }

    private static async Task<long> MemoryAsync()
    {
        // What waited for the last is let go by continuations.
        for (int i = 0; i < 100; i++)
        {
            await Task.Yield();
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
