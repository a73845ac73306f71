using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What a virtual machine with cgroup v2 alone is for: what its kernel tells of, and limits.</summary>
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
        CgroupCounts above = CgroupEvents.Read(outer.Directories[0]);
        Console.WriteLine($"signal={exit.Status.Signal}");
        Console.WriteLine($"inner={events.Current.Memory["oom_kill"]},{Own(CgroupEvents.Read(inner.Directories[0]))}");
        Console.WriteLine($"outer={above.Memory["oom_kill"]},{Own(above)}");
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
        return 0;
    }

    /// <summary>A user may have no more than so much of a file system.</summary>
    public static int Quota(string directory, uint user)
    {
        using DirectoryFd folder = Files.OpenDirectoryAt(null, directory).OrThrow("open", directory);
        Quotas.Limit(folder, QuotaKind.USRQUOTA, user, 100_000, files: 2).OrThrow("limit", directory);
        CapabilityState state = Capabilities.Get().OrThrow("capget");
        Capabilities
            .Set(state with { Effective = state.Effective.Without(Capability.CAP_SYS_RESOURCE) })
            .OrThrow("capset");
        Credentials.SetFileSystemUid(user);
        using FileFd file = Files
            .OpenAt(folder, "file", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR)
            .OrThrow("make a file");
        Console.WriteLine($"bytes={Files.WriteAll(file, new byte[1 << 20]).Errno}");
        _ = Files.OpenAt(folder, "other", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR).Value;
        Errno third = Files.OpenAt(folder, "third", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FileModes.S_IRUSR).Errno;
        Console.WriteLine($"files={third}");
        Credentials.SetFileSystemUid(0);
        Capabilities.Set(state).OrThrow("capset");
        QuotaUse use = Quotas.Read(folder, QuotaKind.USRQUOTA, user).OrThrow("read", directory);
        Console.WriteLine($"use={use.Bytes <= use.MaximumBytes},{use.MaximumBytes},{use.Files},{use.MaximumFiles}");
        return 0;
    }

    private static long Own(CgroupCounts counts) => counts.OwnMemory["oom_kill"];
}
