using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What only kernels built for it schedule by.</summary>
internal static class Scheduled
{
    /// <summary>Bounds of one thread, and of a group.</summary>
    public static async Task<int> UtilizationAsync()
    {
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));
        ProcessScheduler.SetUtilizationBounds(child.ProcessId, 100, 512);
        Console.WriteLine($"thread={Bounds(child)}");
        ProcessScheduler.SetUtilizationBounds(child.ProcessId, null, 1024);
        Console.WriteLine($"least={Bounds(child)}");
        child.Kill();

        using ControlGroup group = ControlGroup.Create(new() { CpuUtilizationMin = 100, CpuUtilizationMax = 512 });
        Console.WriteLine($"group={Bounds(group)}");
        group.Apply(new() { CpuUtilizationMin = 0, CpuUtilizationMax = 1024 });
        Console.WriteLine($"lifted={Bounds(group)}");
        return 0;
    }

    /// <summary>By a policy that is anybody's program, from the start on and later.</summary>
    public static async Task<int> ExtensibleAsync()
    {
        ProcessScheduling extensible = new(SchedulingPolicy.SCHED_EXT);
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000") { Scheduling = extensible });
        await using ChildProcess other = ChildProcess.Start(new("sleep", "1000"));
        ProcessScheduler.SetPolicy(other.ProcessId, extensible);
        Console.WriteLine($"started={ProcessScheduler.GetPolicy(child.ProcessId).Policy}");
        Console.WriteLine($"changed={ProcessScheduler.GetPolicy(other.ProcessId).Policy}");
        ProcessScheduler.SetPolicy(other.ProcessId, new(SchedulingPolicy.SCHED_OTHER));
        Console.WriteLine($"back={ProcessScheduler.GetPolicy(other.ProcessId).Policy}");
        child.Kill();
        other.Kill();
        return 0;
    }

    private static string Bounds(ChildProcess child)
    {
        SchedulingAttribute told = Scheduling.GetAttribute(child.ProcessId).OrThrow("sched_getattr");
        return $"{told.UtilizationMinimum},{told.UtilizationMaximum}";
    }

    private static string Bounds(ControlGroup group) =>
        $"{group.Read("cpu.uclamp.min")?.Trim()},{group.Read("cpu.uclamp.max")?.Trim()}";
}
