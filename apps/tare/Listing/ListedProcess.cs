using System.Text.Json;
using Tare.Cli.Observation;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Listing;

/// <summary>A process of <c>tare ps --json</c>. What the caller may not know is null. Times in seconds, sizes in bytes.</summary>
internal sealed record ListedProcess
{
    public required int Pid { get; init; }
    public required int ParentPid { get; init; }
    public required int ProcessGroup { get; init; }
    public required int Session { get; init; }
    public required IReadOnlyList<int> NamespacePids { get; init; }
    public required double StartedAfterBootSeconds { get; init; }
    public required uint Uid { get; init; }
    public required uint Gid { get; init; }
    public required string User { get; init; }
    public required string Name { get; init; }
    public required string State { get; init; }
    public required bool KernelThread { get; init; }
    public required int Threads { get; init; }
    public required double CpuSeconds { get; init; }
    public required long ResidentBytes { get; init; }
    public required long VirtualBytes { get; init; }
    public required long SwappedBytes { get; init; }
    public long? ProportionalBytes { get; init; }
    public long? PrivateBytes { get; init; }
    public long? SharedBytes { get; init; }
    public long? ReadBytes { get; init; }
    public long? WrittenBytes { get; init; }
    public required int Nice { get; init; }
    public required string Policy { get; init; }
    public int? OomScore { get; init; }
    public string? Container { get; init; }
    public IReadOnlyList<CgroupPlace>? Cgroups { get; init; }
    public string? Executable { get; init; }
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>An array, indented, ended by a line feed.</summary>
    public static string Format(IReadOnlyList<ProcessRow> rows) =>
        JsonSerializer.Serialize([.. rows.Select(Of)], ProcessJson.Readable.IReadOnlyListListedProcess) + "\n";

    private static ListedProcess Of(ProcessRow row)
    {
        ProcessSnapshot process = row.Process;
        return new()
        {
            Pid = process.ProcessId,
            ParentPid = process.ParentId,
            ProcessGroup = process.ProcessGroup,
            Session = process.Session,
            NamespacePids = process.Status.NamespaceProcessIds,
            StartedAfterBootSeconds = process.StartedAfterBoot.TotalSeconds,
            Uid = process.Status.Users.Effective,
            Gid = process.Status.Groups.Effective,
            User = row.User,
            Name = process.Name,
            State = process.State.ToString(),
            KernelThread = row.IsKernelThread,
            Threads = process.ThreadCount,
            CpuSeconds = process.CpuTime.TotalSeconds,
            ResidentBytes = process.Memory.Resident,
            VirtualBytes = process.Memory.Virtual,
            SwappedBytes = process.Memory.Swapped,
            ProportionalBytes = process.Memory.Proportional?.Proportional,
            PrivateBytes = process.Memory.Proportional?.Private,
            SharedBytes = process.Memory.Proportional?.Shared,
            ReadBytes = process.Io?.ReadBytes,
            WrittenBytes = process.Io?.WrittenBytes,
            Nice = process.Scheduler.Nice,
            Policy = Policies.NameOf(process.Scheduler.Policy),
            OomScore = process.OomScore,
            Container = row.Container,
            Cgroups = CgroupPlace.Of(process.Cgroups),
            Executable = process.ExecutablePath,
            Command = process.CommandLine,
        };
    }
}

/// <summary>A cgroup that a process is in.</summary>
/// <param name="Hierarchy">Controllers of version 1, or <c>unified</c>.</param>
/// <param name="Path">The path as /proc/PID/cgroup has it.</param>
internal sealed record CgroupPlace(string Hierarchy, string Path)
{
    /// <summary>Those of a process; null where they are not known.</summary>
    public static IReadOnlyList<CgroupPlace>? Of(IReadOnlyList<CgroupMembership>? cgroups) =>
        cgroups
            ?.Select(one => new CgroupPlace(one.IsUnified ? "unified" : string.Join(',', one.Controllers), one.Path))
            .ToArray();
}
