using System.Globalization;
using Tare.Fixtures;
using Tare.Linux;

namespace Tare.Launch.Tests.Launching;

/// <summary>
/// Thousands of whole containers, launched while other threads allocate and collect. TARE_STRESS_LAUNCHES says how many
/// of each kind, in place of what a test run has time for.
/// </summary>
[Collection(nameof(Alone))]
public sealed class StressTests
{
    private const int AllocatingThreads = 8;
    private const int LaunchingThreads = 4;

    private static readonly int Times = int.Parse(
        Environment.GetEnvironmentVariable("TARE_STRESS_LAUNCHES") ?? "1000",
        CultureInfo.InvariantCulture
    );

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void Containers_are_launched_one_after_another(bool gate, bool spawn) =>
        Stress(launchers: 1, _ => (gate, spawn));

    [Fact]
    public void Containers_of_every_kind_are_launched_by_several_threads_at_once() =>
        Stress(LaunchingThreads, i => ((i & 1) != 0, (i & 2) != 0));

    private static void Stress(int launchers, Func<int, (bool Gate, bool Spawn)> kind)
    {
        Require.Root();
        using TemporaryDirectory folder = new();
        string rootfs = BusyboxRootfs.Create(folder.At("rootfs"));
        Dictionary<(bool, bool), LaunchPlan> plans = [];
        foreach (bool gate in (bool[])[false, true])
        {
            foreach (bool spawn in (bool[])[false, true])
            {
                plans[(gate, spawn)] = ContainerPlan.Make(rootfs, gate, spawn, "true");
            }
        }

        Launch(plans[kind(0)]);
        Census before = Census.Take();
        int collections = GC.CollectionCount(0);
        using (new Allocations(AllocatingThreads))
        {
            int next = 0;
            Thread[] threads = new Thread[launchers];
            Exception? failure = null;
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i] = new Thread(() =>
                {
                    try
                    {
                        for (int k = Interlocked.Increment(ref next); k <= Times; k = Interlocked.Increment(ref next))
                        {
                            Launch(plans[kind(k)]);
                        }
                    }
                    catch (Exception e)
                    {
                        failure = e;
                        next = Times;
                    }
                });
                threads[i].Start();
            }

            foreach (Thread thread in threads)
            {
                thread.Join();
            }

            Assert.Null(failure);
        }

        // The collector ran all the while, or this shows nothing.
        collections = GC.CollectionCount(0) - collections;
        Assert.True(collections > Times / 10, $"{collections} collections");
        before.AssertSame(Census.Take());
    }

    private static void Launch(LaunchPlan plan)
    {
        using LaunchedProcess process = Launches.Make(plan);
        Assert.Equal(0, Launches.Wait(process));
    }

    /// <summary>What launches could leave behind in this process.</summary>
    private sealed record Census(int Descriptors, int Children, int CodeMappings, int Dumpable)
    {
        public static Census Take()
        {
            // What other tests have left to the collector is not this one's.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return new(
                DescriptorTable.List().OrThrow("list the descriptors").Count(IsOfLaunches),
                Launches.Children().Length,
                File.ReadAllLines("/proc/self/maps").Count(CodeMemoryTests.IsOfLaunches),
                Prctl.GetDumpable()
            );
        }

        public void AssertSame(Census other) => Assert.Equal(this, other);

        // The runtime opens files and pipes as it pleases.
        private static bool IsOfLaunches(int descriptor) =>
            Files.ReadLinkAt(null, $"/proc/self/fd/{descriptor}") is { Ok: true } link
            && link.Value.ToString() is string name
            && (name.Contains("pidfd", StringComparison.Ordinal) || name.Contains("eventfd", StringComparison.Ordinal));
    }

    /// <summary>Threads that allocate and collect until they are disposed.</summary>
    private sealed class Allocations : IDisposable
    {
        private readonly Thread[] threads;
        private volatile bool ended;

        public Allocations(int count)
        {
            threads = new Thread[count];
            for (int i = 0; i < count; i++)
            {
                threads[i] = new Thread(Allocate);
                threads[i].Start();
            }
        }

        public void Dispose()
        {
            ended = true;
            foreach (Thread thread in threads)
            {
                thread.Join();
            }
        }

        private void Allocate()
        {
            List<object> kept = [];
            for (int i = 0; !ended; i++)
            {
                kept.Add(new byte[i % 4096]);
                if (kept.Count > 500)
                {
                    kept.Clear();
                    GC.Collect(i % 3, GCCollectionMode.Forced, blocking: i % 2 == 0);
                }
            }
        }
    }
}
