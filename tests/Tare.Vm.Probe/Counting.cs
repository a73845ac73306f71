using Tare.Linux;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What a kernel with cgroup v2 alone tells of groups.</summary>
internal static class Counting
{
    private const long Mebibyte = 1 << 20;

    /// <summary>A program that takes too much memory, in a group below another, as the events of both tell.</summary>
    public static async Task<int> MemoryAsync()
    {
        using ControlGroup outer = ControlGroup.Create(new() { MemoryMax = 64 * Mebibyte });
        using ControlGroup inner = ControlGroup.Create(new() { MemoryMax = 16 * Mebibyte, SwapMax = 0 }, outer);
        await using IAsyncEnumerator<CgroupCounts> events = CgroupEvents
            .WatchAsync(inner.Directories[0])
            .GetAsyncEnumerator();
        await events.MoveNextAsync();
        Console.WriteLine($"before={events.Current.Memory["oom_kill"]}");
        await using ChildProcess child = ChildProcess.Start(
            new("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1")
            {
                ControlGroup = inner,
                StandardError = ChildStream.Null,
            }
        );
        while (events.Current.Memory["oom_kill"] == 0)
        {
            await events.MoveNextAsync();
        }

        ProcessExit exit = await child.WaitForExitAsync();
        while (events.Current.Group["populated"] == 1)
        {
            await events.MoveNextAsync();
        }

        CgroupCounts above = CgroupEvents.Read(outer.Directories[0]);
        CgroupCounts own = CgroupEvents.Read(inner.Directories[0]);
        Console.WriteLine($"signal={exit.Status.Signal}");
        Console.WriteLine($"inner={own.Memory["oom_kill"]},{own.OwnMemory["oom_kill"]}");
        Console.WriteLine($"outer={above.Memory["oom_kill"]},{above.OwnMemory["oom_kill"]}");
        Console.WriteLine($"limit={own.OwnMemory["max"] > 0},{above.OwnMemory["max"]}");
        Console.WriteLine($"usage={inner.ReadUsage().OomKills},{inner.ReadUsage().PeakMemory <= 16 * Mebibyte}");
        inner.Dispose();
        while (await events.MoveNextAsync()) { }

        Console.WriteLine("gone");
        return 0;
    }

    /// <summary>A program that may not start another, as the group's events tell.</summary>
    public static async Task<int> ProcessesAsync()
    {
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 1 });
        await using IAsyncEnumerator<CgroupCounts> events = CgroupEvents
            .WatchAsync(group.Directories[0])
            .GetAsyncEnumerator();
        await events.MoveNextAsync();
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "/bin/busybox true; exit 5") { ControlGroup = group, StandardError = ChildStream.Null }
        );
        while (events.Current.Processes["max"] == 0)
        {
            await events.MoveNextAsync();
        }

        await child.WaitForExitAsync();
        Console.WriteLine($"refused={events.Current.Processes["max"] > 0}");
        Console.WriteLine($"usage={group.ReadUsage().RefusedProcesses > 0}");
        return 0;
    }

    /// <summary>A program that is slowed down at its high mark, as the pressure on its group tells.</summary>
    public static async Task<int> PressureAsync()
    {
        using ControlGroup group = ControlGroup.Create(new() { MemoryHigh = 8 * Mebibyte, SwapMax = 0 });
        string directory = group.Directories[0];
        await using IAsyncEnumerator<PressureStall> told = Pressure
            .WatchAsync(
                PressureResource.Memory,
                TimeSpan.FromMilliseconds(50),
                TimeSpan.FromSeconds(1),
                cgroup: directory
            )
            .GetAsyncEnumerator();
        await using ChildProcess child = ChildProcess.Start(
            new("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1") { ControlGroup = group }
        );

        // What the kernel shows as the sum is up to two seconds older than what it tells by.
        bool any;
        do
        {
            any = await told.MoveNextAsync();
        } while (any && told.Current.Some.TotalMicroseconds < 50_000);

        child.Kill();
        ProcessExit exit = await child.WaitForExitAsync();
        Console.WriteLine($"told={any},{told.Current.Some.TotalMicroseconds >= 50_000},{exit.Status.Signal}");
        Console.WriteLine($"read={group.ReadPressure()?.Memory?.Some.TotalMicroseconds >= 50_000}");
        Console.WriteLine($"high={CgroupEvents.Read(directory).OwnMemory["high"] > 0}");
        group.Dispose();
        while (await told.MoveNextAsync()) { }

        Console.WriteLine("gone");
        return 0;
    }
}
