using System.Globalization;
using Tare.Cli.Observation;
using Tare.Processes;

namespace Tare.Cli.Listing;

/// <summary>A column of <c>tare ps</c>: how it is asked for, what it shows, and how it sorts.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="IsNumber">It is set to the right, and sorts with the largest first.</param>
/// <param name="Text">What it shows; a dash where the caller may not know.</param>
/// <param name="Key">What it sorts by.</param>
/// <param name="Parts">What of a process must be read for it.</param>
internal sealed record ProcessColumn(
    string Name,
    bool IsNumber,
    Func<ProcessRow, string> Text,
    Func<ProcessRow, IComparable?> Key,
    SnapshotParts Parts = SnapshotParts.None
)
{
    private const string Unknown = "-";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<ProcessColumn> All { get; } =
    [
        Id("pid", row => row.Process.ProcessId),
        Id("ppid", row => row.Process.ParentId),
        Id("pgid", row => row.Process.ProcessGroup),
        Id("sid", row => row.Process.Session),
        Word("nspid", row => string.Join('/', row.Process.Status.NamespaceProcessIds)),
        Word("user", row => row.User),
        Id("uid", row => row.Process.Status.Users.Effective),
        Id("gid", row => row.Process.Status.Groups.Effective),
        Word("state", row => row.Process.State.ToString()),
        Amount("threads", row => row.Process.ThreadCount, row => Number(row.Process.ThreadCount)),
        Amount("time", row => row.Process.CpuTime, row => Clock(row.Process.CpuTime)),
        Amount("rss", row => row.Process.Memory.Resident, row => Words.Size(row.Process.Memory.Resident)),
        Bytes("pss", row => row.Process.Memory.Proportional?.Proportional, SnapshotParts.ProportionalMemory),
        Bytes("private", row => row.Process.Memory.Proportional?.Private, SnapshotParts.ProportionalMemory),
        Bytes("shared", row => row.Process.Memory.Proportional?.Shared, SnapshotParts.ProportionalMemory),
        Bytes("swap", row => row.Process.Memory.Swapped),
        Bytes("vsz", row => row.Process.Memory.Virtual),
        Bytes("peak", row => row.Process.Memory.PeakResident),
        Bytes("read", row => row.Process.Io?.ReadBytes, SnapshotParts.Io),
        Bytes("written", row => row.Process.Io?.WrittenBytes, SnapshotParts.Io),
        Id("nice", row => row.Process.Scheduler.Nice),
        Word("policy", row => Policies.NameOf(row.Process.Scheduler.Policy)),
        Id("cpu", row => row.Process.Scheduler.Processor),
        Amount("oom", row => row.Process.OomScore, row => Number(row.Process.OomScore), SnapshotParts.OomScore),
        Word("label", row => row.Process.SecurityLabel ?? Unknown, SnapshotParts.SecurityLabel),
        Word(
            "container",
            row => row.Container is { } name ? ContainerName.Short(name) : Unknown,
            SnapshotParts.Cgroups
        ),
        Word("cgroup", row => CgroupOf(row.Process), SnapshotParts.Cgroups),
        Word("name", row => row.Process.Name),
        Word("exe", row => row.Process.ExecutablePath ?? Unknown, SnapshotParts.Paths),
        Word("cwd", row => row.Process.WorkingDirectory ?? Unknown, SnapshotParts.Paths),
        new("command", false, row => row.Branch + row.Command, row => row.Command, SnapshotParts.CommandLine),
    ];

    /// <summary>Those that are shown where none are asked for.</summary>
    public static IReadOnlyList<string> Usual { get; } =
    ["pid", "user", "state", "time", "rss", "threads", "container", "command"];

    /// <summary>A column by its name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ProcessColumn Named(string option, string name) =>
        All.FirstOrDefault(column => column.Name == name)
        ?? throw new UsageException(
            $"{option}: '{name}' is no column (use {string.Join(", ", All.Select(column => column.Name))})"
        );

    /// <summary>Its most telling cgroup: that of version 2, or where it is the root's the deepest other.</summary>
    public static string CgroupOf(ProcessSnapshot process) =>
        process.Cgroups is not { Count: > 0 } cgroups ? Unknown
        : cgroups.FirstOrDefault(cgroup => cgroup is { IsUnified: true, Path: not "/" }) is { } unified ? unified.Path
        : cgroups.MaxBy(cgroup => cgroup.Path.Count(c => c == '/') + Math.Min(cgroup.Path.Length - 1, 1))!.Path;

    // Minutes go on above 60, as everywhere where processor time is shown: 3:07.42.
    private static string Clock(TimeSpan time) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(long)time.TotalMinutes}:{time.Seconds:00}.{time.Milliseconds / 10:00}"
        );

    private static ProcessColumn Id<T>(string name, Func<ProcessRow, T> value)
        where T : IComparable, IFormattable =>
        new(name, true, row => value(row).ToString(null, CultureInfo.InvariantCulture), row => value(row));

    private static ProcessColumn Word(
        string name,
        Func<ProcessRow, string> value,
        SnapshotParts parts = SnapshotParts.None
    ) => new(name, false, row => Visible.Of(value(row)), row => value(row), parts);

    private static ProcessColumn Amount(
        string name,
        Func<ProcessRow, IComparable?> key,
        Func<ProcessRow, string> text,
        SnapshotParts parts = SnapshotParts.None
    ) => new(name, true, text, key, parts);

    private static ProcessColumn Bytes(
        string name,
        Func<ProcessRow, long?> value,
        SnapshotParts parts = SnapshotParts.None
    ) => Amount(name, row => value(row), row => value(row) is { } bytes ? Words.Size(bytes) : Unknown, parts);

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>Ids sort with the smallest first, amounts with the largest.</summary>
    public bool IsDescending =>
        IsNumber && Name is not ("pid" or "ppid" or "pgid" or "sid" or "uid" or "gid" or "nice");
}
