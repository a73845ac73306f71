using System.Text.Json;
using Tare.Cli.Observation;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>
/// The output of <c>tare inspect --json</c>, form 1. Times in seconds, sizes in bytes, addresses in hexadecimal. What is
/// null is not there, or is named by <see cref="Hidden"/>.
/// </summary>
internal sealed record InspectionDocument
{
    public required int Version { get; init; }

    /// <summary>What this user may not know, by the names of the properties.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }
    public required int Pid { get; init; }
    public required string Name { get; init; }
    public required string State { get; init; }
    public required int ParentPid { get; init; }
    public required int ProcessGroup { get; init; }
    public required int Session { get; init; }
    public required IReadOnlyList<int> NamespacePids { get; init; }
    public string? Container { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public IReadOnlyList<string>? Environment { get; init; }
    public string? Executable { get; init; }
    public string? WorkingDirectory { get; init; }
    public string? Root { get; init; }
    public required double StartedAfterBootSeconds { get; init; }
    public required double UserSeconds { get; init; }
    public required double SystemSeconds { get; init; }
    public required long MinorFaults { get; init; }
    public required long MajorFaults { get; init; }
    public required long VoluntarySwitches { get; init; }
    public required long InvoluntarySwitches { get; init; }
    public IoDocument? Io { get; init; }
    public int? OomScore { get; init; }
    public int? OomScoreAdjustment { get; init; }
    public required MemoryDocument Memory { get; init; }
    public required SchedulerDocument Scheduler { get; init; }
    public required CredentialsDocument Credentials { get; init; }
    public required bool NoNewPrivileges { get; init; }
    public required int SeccompMode { get; init; }
    public required int SeccompFilters { get; init; }
    public string? SecurityLabel { get; init; }
    public required int TracedBy { get; init; }
    public IReadOnlyDictionary<string, NamespaceDocument>? Namespaces { get; init; }
    public required IReadOnlyList<CgroupDocument> Cgroups { get; init; }
    public PressureDocument? Pressure { get; init; }
    public IReadOnlyDictionary<string, LimitDocument>? Limits { get; init; }
    public IReadOnlyList<FileDocument>? OpenFiles { get; init; }
    public IReadOnlyList<int>? Children { get; init; }
    public IReadOnlyList<ThreadDocument>? Threads { get; init; }

    /// <summary>One object, indented, ended by a line feed.</summary>
    public static string Format(Inspection inspection) =>
        JsonSerializer.Serialize(Of(inspection), ProcessJson.Readable.InspectionDocument) + "\n";

    private static InspectionDocument Of(Inspection inspection)
    {
        ProcessSnapshot process = inspection.Process;
        ProcStatus status = process.Status;
        return new()
        {
            Version = 1,
            Hidden = inspection.MayTrace ? [] : [.. HiddenOf(inspection)],
            Pid = process.ProcessId,
            Name = process.Name,
            State = process.State.ToString(),
            ParentPid = process.ParentId,
            ProcessGroup = process.ProcessGroup,
            Session = process.Session,
            NamespacePids = status.NamespaceProcessIds,
            Container = inspection.Container,
            Command = process.CommandLine,
            Environment = process.Environment,
            Executable = process.ExecutablePath,
            WorkingDirectory = process.WorkingDirectory,
            Root = process.RootDirectory,
            StartedAfterBootSeconds = process.StartedAfterBoot.TotalSeconds,
            UserSeconds = process.UserTime.TotalSeconds,
            SystemSeconds = process.SystemTime.TotalSeconds,
            MinorFaults = process.MinorFaults,
            MajorFaults = process.MajorFaults,
            VoluntarySwitches = process.VoluntarySwitches,
            InvoluntarySwitches = process.InvoluntarySwitches,
            Io = process.Io is { } io
                ? new(
                    io.ReadBytes,
                    io.WrittenBytes,
                    io.CancelledWriteBytes,
                    io.ReadCharacters,
                    io.WrittenCharacters,
                    io.ReadCalls,
                    io.WriteCalls
                )
                : null,
            OomScore = process.OomScore,
            OomScoreAdjustment = process.OomScoreAdjustment,
            Memory = MemoryDocument.Of(inspection),
            Scheduler = SchedulerDocument.Of(process.Scheduler),
            Credentials = CredentialsDocument.Of(status),
            NoNewPrivileges = status.NoNewPrivileges,
            SeccompMode = status.SeccompMode,
            SeccompFilters = status.SeccompFilters,
            SecurityLabel = process.SecurityLabel,
            TracedBy = status.TracerId,
            Namespaces = process.Namespaces?.ToDictionary(
                one => NamespaceKinds.NameOf(one.Key),
                one => new NamespaceDocument(
                    one.Value,
                    inspection.OwnNamespaces.TryGetValue(one.Key, out ulong own) && own == one.Value
                )
            ),
            Cgroups =
            [
                .. inspection.Cgroups.Select(one => new CgroupDocument(
                    one.Hierarchy,
                    one.Path,
                    one.Values.ToDictionary(value => value.Key, value => value.Value)
                )),
            ],
            Pressure = process.Pressure is { } pressure
                ? new(pressure.Cpu?.Some.Average10, pressure.Memory?.Some.Average10, pressure.Io?.Some.Average10)
                : null,
            Limits = process
                .Limits?.OrderBy(limit => limit.Key)
                .ToDictionary(
                    limit => ResourceLimits.NameOf(limit.Key),
                    limit => new LimitDocument(Limit(limit.Value.Current), Limit(limit.Value.Maximum))
                ),
            OpenFiles = process.OpenFiles?.Select(FileDocument.Of).ToArray(),
            Children = process.Children,
            Threads = process.Threads?.Select(ThreadDocument.Of).ToArray(),
        };
    }

    // Infinity is null: no limit.
    private static ulong? Limit(ulong value) => value == ResourceLimits.Infinity ? null : value;

    private static IEnumerable<string> HiddenOf(Inspection inspection)
    {
        ProcessSnapshot process = inspection.Process;
        (string Name, object? Value)[] all =
        [
            ("environment", process.Environment),
            ("executable", process.ExecutablePath),
            ("workingDirectory", process.WorkingDirectory),
            ("root", process.RootDirectory),
            ("io", process.Io),
            ("memory.regions", inspection.Memory),
            ("memory.proportionalBytes", process.Memory.Proportional),
            ("namespaces", process.Namespaces),
            ("openFiles", process.OpenFiles),
        ];
        return all.Where(one => one.Value is null).Select(one => one.Name);
    }
}

/// <summary>What was read and written.</summary>
internal sealed record IoDocument(
    long ReadBytes,
    long WrittenBytes,
    long CancelledBytes,
    long ReadCharacters,
    long WrittenCharacters,
    long ReadCalls,
    long WriteCalls
);

/// <summary>A namespace by number, and whether <c>tare</c> was in it.</summary>
internal sealed record NamespaceDocument(ulong Number, bool SameAsOwn);

/// <summary>A cgroup with its files of one line.</summary>
internal sealed record CgroupDocument(string Hierarchy, string Path, IReadOnlyDictionary<string, string> Values);

/// <summary>Pressure on its cgroup: percent of the last 10 seconds in which some task stood still.</summary>
internal sealed record PressureDocument(double? Cpu, double? Memory, double? Io);

/// <summary>A limit; null is none.</summary>
internal sealed record LimitDocument(ulong? Soft, ulong? Hard);

/// <summary>A file that it has open.</summary>
internal sealed record FileDocument(int Number, string Target, string Access, bool CloseOnExec, long Position)
{
    public static FileDocument Of(OpenFile file) =>
        new(
            file.Number,
            file.Target,
            ((uint)file.Access & 3) switch
            {
                0 => "read",
                1 => "write",
                _ => "read, write",
            },
            file.IsCloseOnExec,
            file.Position
        );
}

/// <summary>A thread.</summary>
internal sealed record ThreadDocument(
    int Tid,
    string Name,
    string State,
    double UserSeconds,
    double SystemSeconds,
    long VoluntarySwitches,
    long InvoluntarySwitches,
    string? WaitsIn,
    SchedulerDocument Scheduler
)
{
    public static ThreadDocument Of(ThreadSnapshot thread) =>
        new(
            thread.ThreadId,
            thread.Name,
            thread.State.ToString(),
            thread.UserTime.TotalSeconds,
            thread.SystemTime.TotalSeconds,
            thread.VoluntarySwitches,
            thread.InvoluntarySwitches,
            thread.WaitsIn,
            SchedulerDocument.Of(thread.Scheduler)
        );
}
