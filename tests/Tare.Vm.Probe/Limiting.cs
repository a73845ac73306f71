using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>Limits of cgroup v2, changed while processes run, and its groups killed whole.</summary>
internal static class Limiting
{
    private const long Mebibyte = 1 << 20;

    private static readonly string[] Names =
    [
        "memory.min",
        "memory.low",
        "memory.high",
        "memory.max",
        "memory.swap.max",
        "memory.oom.group",
        "cpu.max",
        "cpu.max.burst",
        "cpu.weight",
        "cpu.idle",
        "cpuset.cpus",
        "cpuset.mems",
        "cpuset.cpus.partition",
        "pids.max",
        "io.weight",
        "hugetlb.2MB.max",
        "cgroup.max.depth",
        "cgroup.max.descendants",
    ];

    /// <summary>All of the typed limits, as the kernel has them; then others while a process is under them.</summary>
    public static async Task<int> ControllersAsync()
    {
        using ControlGroup group = ControlGroup.Create(
            new()
            {
                MemoryMin = Mebibyte,
                MemoryLow = 2 * Mebibyte,
                MemoryHigh = 48 * Mebibyte,
                MemoryMax = 64 * Mebibyte,
                SwapMax = 0,
                OomGroup = true,
                Cpus = 0.5,
                CpuPeriod = TimeSpan.FromMilliseconds(50),
                CpuBurst = TimeSpan.FromMilliseconds(10),
                CpuWeight = 50,
                CpuSet = "0-1",
                MemoryNodes = "0",
                ProcessesMax = 9,
                IoWeight = 200,
                HugePages = new Dictionary<string, long> { ["2MB"] = 4 * Mebibyte }.ToImmutableDictionary(),
                DepthMax = 3,
                DescendantsMax = 5,
            }
        );
        await using ChildProcess child = ChildProcess.Start(
            new("cat") { ControlGroup = group, StandardInput = ChildStream.Pipe }
        );
        Print(group, child);
        group.Apply(
            new()
            {
                MemoryMin = 0,
                MemoryLow = 0,
                MemoryHigh = ControlGroupLimits.Unlimited,
                MemoryMax = 32 * Mebibyte,
                SwapMax = ControlGroupLimits.Unlimited,
                OomGroup = false,
                Cpus = double.PositiveInfinity,
                CpuBurst = TimeSpan.Zero,
                CpuIdle = true,
                CpuSet = "1",
                ProcessesMax = ControlGroupLimits.Unlimited,
                IoWeight = 100,
                HugePages = new Dictionary<string, long> { ["2MB"] = 0 }.ToImmutableDictionary(),
                DepthMax = 0,
                DescendantsMax = 0,
            }
        );
        Print(group, child);
        child.StandardInput!.Dispose();
        return (await child.WaitForExitAsync()).ExitCode ?? 1;
    }

    /// <summary>What cgroup v2 has got between Linux 5.7 and 6.12: limits, measured peaks, a group's own refusals.</summary>
    public static async Task<int> FurtherAsync()
    {
        using ControlGroup group = ControlGroup.Create(
            new()
            {
                SwapHigh = 8 * Mebibyte,
                CpuSet = "0-1",
                ExclusiveCpuSet = "1",
                ReservedHugePages = new Dictionary<string, long> { ["2MB"] = 4 * Mebibyte }.ToImmutableDictionary(),
                ProcessesMax = 1,
            }
        );
        string[] files = ["memory.swap.high", "cpuset.cpus.exclusive", "hugetlb.2MB.rsvd.max"];
        foreach (string file in files)
        {
            Console.WriteLine($"{file}={group.Read(file)?.Trim()}");
        }

        using ControlGroupPeak whole = group.MeasurePeak();
        await ChildProcess.RunAsync(
            new("dd", "if=/dev/zero", "of=/dev/null", "bs=32M", "count=1")
            {
                ControlGroup = group,
                StandardError = ChildStream.Null,
            }
        );

        // What ended programs had is still counted for a moment.
        bool had = whole.Bytes >= 32 * Mebibyte;
        bool begun = SpinWait.SpinUntil(() => BeginsBelow(group), TimeSpan.FromSeconds(10));
        bool reset = SpinWait.SpinUntil(() => IsBelow(whole), TimeSpan.FromSeconds(10));
        reset &= group.ReadUsage().PeakMemory >= 32 * Mebibyte;
        Console.WriteLine($"peak={had},{begun},{reset}");
        await ChildProcess.RunAsync(
            new("sh", "-c", "/bin/busybox true; exit 5") { ControlGroup = group, StandardError = ChildStream.Null }
        );
        Console.WriteLine($"own={group.ReadEvents().OwnProcesses["max"] > 0}");
        Console.WriteLine(
            $"counts={group.ReadCounts("memory.stat").ContainsKey("pgfault")},{group.ReadCounts("cgroup.stat")["nr_descendants"]}"
        );
        Console.WriteLine($"table={group.ReadTable("memory.numa_stat")["anon"].ContainsKey("N0")}");
        return 0;
    }

    private static bool BeginsBelow(ControlGroup group)
    {
        using ControlGroupPeak peak = group.MeasurePeak();
        return peak.Bytes < 32 * Mebibyte;
    }

    private static bool IsBelow(ControlGroupPeak peak)
    {
        peak.Reset();
        return peak.Bytes < 32 * Mebibyte;
    }

    /// <summary>Processes that fork all the time, beside others in sessions of their own and in a group below, ended at once.</summary>
    public static async Task<int> TreeAsync()
    {
        const string Tree =
            "for i in 1 2 3 4 5 6 7 8 9 10; do setsid sleep 1000 & done; echo made; exec >&-; exec sleep 1000";
        const string Bomb = "b() { b | b & }; b; while :; do b; done";
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 40 });
        using ControlGroup below = ControlGroup.Create(parent: group);
        await using IAsyncEnumerator<CgroupCounts> events = CgroupEvents
            .WatchAsync(group.Directories[0])
            .GetAsyncEnumerator();
        await events.MoveNextAsync();
        await using ChildProcess inner = ChildProcess.Start(new("sleep", "1000") { ControlGroup = below });
        await using ChildProcess outer = ChildProcess.Start(
            new("sh", "-c", Tree) { ControlGroup = group, StandardOutput = ChildStream.Pipe }
        );
        using (StreamReader made = new(outer.StandardOutput!))
        {
            await made.ReadLineAsync();
        }

        // A shell that cannot fork ends by itself: of the bomb's it is not known how many are there, and how they ended.
        await using ChildProcess bomb = ChildProcess.Start(
            new("sh", "-c", Bomb) { ControlGroup = group, StandardError = ChildStream.Null }
        );
        while (events.Current.Processes["max"] == 0)
        {
            await events.MoveNextAsync();
        }

        group.Freeze();
        while (events.Current.Group["frozen"] == 0)
        {
            await events.MoveNextAsync();
        }

        Console.WriteLine($"frozen={group.IsFrozen},{group.Processes.Count > 10}");
        Console.WriteLine($"killed={group.Kill()},{group.Processes.Count},{group.IsPopulated}");
        Console.WriteLine(
            $"signals={(await inner.WaitForExitAsync()).Status.Signal},{(await outer.WaitForExitAsync()).Status.Signal}"
        );
        while (events.Current.Group["populated"] == 1)
        {
            await events.MoveNextAsync();
        }

        await group.WaitUntilEmptyAsync();
        Console.WriteLine("empty");
        return 0;
    }

    /// <summary>Where one process is killed for want of memory, all of the group are.</summary>
    public static async Task<int> TogetherAsync()
    {
        using ControlGroup group = ControlGroup.Create(
            new()
            {
                MemoryMax = 32 * Mebibyte,
                SwapMax = 0,
                OomGroup = true,
            }
        );
        await using ChildProcess small = ChildProcess.Start(new("sleep", "1000") { ControlGroup = group });
        await using ChildProcess large = ChildProcess.Start(
            new("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1") { ControlGroup = group }
        );
        ProcessExit[] ends = await ChildProcess.WaitForAllAsync([small, large]);
        Console.WriteLine($"ends={string.Join(',', ends.Select(end => end.ToString()))}");
        CgroupCounts counts = CgroupEvents.Read(group.Directories[0]);
        Console.WriteLine($"counts={counts.Memory["oom_kill"] >= 2},{counts.Memory["oom_group_kill"]}");
        return 0;
    }

    /// <summary>A group that is a user's, who makes others in it.</summary>
    public static async Task<int> DelegateAsync(uint user)
    {
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 20, MemoryMax = 64 * Mebibyte });
        group.Delegate(user, user);
        using ControlGroup inside = ControlGroup.Create(parent: group, name: "inside");
        inside.Delegate(user, user);
        ProcessExit exit = await ChildProcess.RunAsync(
            new("/programs/probe", "delegated")
            {
                Credentials = new ProcessCredentials(user, user),
                ControlGroup = inside,
            }
        );
        Console.WriteLine($"left={exit},{string.Join(',', group.Children)}");
        return 0;
    }

    /// <summary>What that user does, beside the group that it is in: limits of its own, within those of the group above.</summary>
    public static async Task<int> DelegatedAsync()
    {
        using ControlGroup group = ControlGroup.Create(new() { ProcessesMax = 5, MemoryMax = 32 * Mebibyte });
        Console.WriteLine($"own={group.Read("pids.max")?.Trim()},{group.Read("memory.max")?.Trim()}");
        ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
            new("sh", "-c", "cut -d/ -f4 /proc/self/cgroup") { ControlGroup = group }
        );
        Console.WriteLine($"in={output.StandardOutput.Trim() == group.Name}");
        string above = Path.GetDirectoryName(group.Directories[0])!;
        Console.WriteLine($"above={Files.WriteValueAt(null, $"{above}/pids.max", "30"u8).Errno}");
        return 0;
    }

    /// <summary>Devices that may be used and that may not, and one that later may not either: BPF programs.</summary>
    public static async Task<int> DevicesAsync()
    {
        DeviceFilterRule[] rules =
        [
            new(true, DeviceKind.Character, 1, 3),
            new(true, DeviceKind.Character, 1, 5, DeviceAccess.Read),
        ];
        using ControlGroup group = ControlGroup.Create(new() { Devices = [.. rules] });
        Console.WriteLine($"before={await OpenAsync(group)}");
        group.Apply(new() { Devices = [rules[0]] });
        Console.WriteLine($"after={await OpenAsync(group)}");
        return 0;
    }

    /// <summary>A program that reads from a disk stands still for it, until the limit is lifted.</summary>
    public static async Task<int> DiskAsync(string device)
    {
        StatX status = Files.StatX(null, device).OrThrow("look at", device);
        DiskLimit disk = new(status.SpecialMajor, status.SpecialMinor);
        using ControlGroup group = ControlGroup.Create(
            new() { MemoryMax = 64 * Mebibyte, Disks = [disk with { ReadBytes = 4096 }] }
        );
        await using IAsyncEnumerator<PressureStall> told = Pressure
            .WatchAsync(
                PressureResource.Io,
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromSeconds(1),
                cgroup: group.Directories[0]
            )
            .GetAsyncEnumerator();
        await using ChildProcess child = ChildProcess.Start(
            new("dd", $"if={device}", "of=/dev/null", "bs=64k", "count=32", "skip=64")
            {
                ControlGroup = group,
                StandardError = ChildStream.Null,
            }
        );
        await told.MoveNextAsync();
        Console.WriteLine($"stands={!child.HasExited},{Line(group)}");
        group.Apply(new() { Disks = [disk with { ReadBytes = ControlGroupLimits.Unlimited, WriteOperations = 7 }] });
        ProcessExit exit = await child.WaitForExitAsync();
        Console.WriteLine($"ends={exit},{Line(group)}");
        Console.WriteLine($"read={group.ReadUsage().ReadBytes >= 2 * Mebibyte}");
        return 0;

        string? Line(ControlGroup group) => group.Read("io.max")?.Trim().Split(' ', 2)[1];
    }

    /// <summary>What a program read stays in memory, which its group pays for, until it is taken back.</summary>
    public static async Task<int> ReclaimAsync(string file)
    {
        using ControlGroup group = ControlGroup.Create(new() { MemoryMax = 64 * Mebibyte });
        await ChildProcess.RunAsync(
            new("dd", $"if={file}", "of=/dev/null", "bs=64k") { ControlGroup = group, StandardError = ChildStream.Null }
        );
        long before = group.ReadUsage().Memory!.Value;
        Console.WriteLine($"reclaimed={group.Reclaim(Mebibyte)},{before - group.ReadUsage().Memory >= Mebibyte}");
        Console.WriteLine($"more={group.Reclaim(64 * Mebibyte)}");
        return 0;
    }

    /// <summary>Memory that is taken back is kept compressed, or stays. A device there must be; nothing is written to it.</summary>
    public static async Task<int> CompressedAsync()
    {
        using ControlGroup group = ControlGroup.Create(new() { ZswapMax = 4 * Mebibyte, ZswapWriteback = false });
        Console.WriteLine($"max={group.Read("memory.zswap.max")?.Trim()}");
        Console.WriteLine($"writeback={group.Read("memory.zswap.writeback")?.Trim()}");
        Console.WriteLine($"kept={await KeptAsync(group) >= Mebibyte}");

        using ControlGroup none = ControlGroup.Create(new() { ZswapMax = 0, ZswapWriteback = false });
        Console.WriteLine($"none={await KeptAsync(none)}");
        return 0;
    }

    private static async Task<long> KeptAsync(ControlGroup group)
    {
        const string Script = "much=$(dd if=/dev/zero bs=1M count=8 2>/dev/null | tr '\\0' x); echo; read line";
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", Script)
            {
                ControlGroup = group,
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
            }
        );
        _ = child.StandardOutput!.ReadByte();
        group.Reclaim(4 * Mebibyte);
        long kept = group.ReadCounts("memory.stat")["zswapped"];
        child.Kill();
        await child.WaitForExitAsync();
        return kept;
    }

    private static void Print(ControlGroup group, ChildProcess child)
    {
        // Of an idle group the weight is 0 or 1, as the kernel likes.
        bool idle = group.Read("cpu.idle")?.Trim() == "1";
        foreach (string file in Names.Where(file => !idle || file != "cpu.weight"))
        {
            Console.WriteLine($"{file}={group.Read(file)?.Trim()}");
        }

        Console.WriteLine($"processors={string.Join(',', ProcessScheduler.GetProcessors(child.ProcessId))}");
    }

    private static async Task<string> OpenAsync(ControlGroup group)
    {
        const string Script = """
            for device in null zero full; do
                (: <>/dev/$device) && echo $device
                (: </dev/$device) && echo $device to read
            done
            true
            """;
        ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
            new("sh", "-c", Script) { ControlGroup = group }
        );
        return output.StandardOutput.Trim().Replace('\n', ',');
    }
}
