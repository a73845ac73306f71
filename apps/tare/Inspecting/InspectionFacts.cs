using System.Globalization;
using Tare.Cli.Observation;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>Facts under a heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Facts">Names and values, in the order they are shown.</param>
internal sealed record FactGroup(string Title, IReadOnlyList<(string Name, string Value)> Facts);

/// <summary>What is told of a process, in words.</summary>
internal static class InspectionFacts
{
    /// <summary>All groups but memory, which is drawn, and lists (open files, threads), which are long.</summary>
    /// <param name="inspection">The process.</param>
    /// <param name="brief">What is usual is told in a line.</param>
    public static IReadOnlyList<FactGroup> Of(Inspection inspection, bool brief = false) =>
        [
            new("process", Identity(inspection)),
            new("scheduler", Scheduler(inspection.Process)),
            new("credentials", Credentials(inspection)),
            new("confinement", Confinement(inspection)),
            new("namespaces", Namespaces(inspection)),
            new("cgroups", ResourceFacts.Cgroups(inspection, brief)),
            new("limits", ResourceFacts.Limits(inspection, brief)),
        ];

    /// <summary>Command line, files, times, I/O.</summary>
    public static IReadOnlyList<(string, string)> Identity(Inspection inspection)
    {
        ProcessSnapshot process = inspection.Process;
        List<(string, string)> facts =
        [
            ("name", Visible.Of(process.Name)),
            ("state", $"{process.State} {Policies.StateOf(process.State)}"),
            ("command", Visible.Of(string.Join(' ', process.CommandLine ?? []))),
            ("executable", inspection.Or(process.ExecutablePath)),
            ("directory", inspection.Or(process.WorkingDirectory)),
            ("root", inspection.Or(process.RootDirectory)),
            ("parent", Number(process.ParentId)),
            ("group, session", $"{process.ProcessGroup}, {process.Session}"),
            ("started", $"{Words.Time(process.StartedAfterBoot)} after boot"),
            (
                "processor time",
                $"{Words.Time(process.CpuTime)} (user {Words.Time(process.UserTime)}, kernel {Words.Time(process.SystemTime)})"
            ),
            (
                "read, written",
                process.Io is { } io
                    ? $"{Words.Size(io.ReadBytes)}, {Words.Size(io.WrittenBytes)} from and to disks; {Words.Size(io.ReadCharacters)}, {Words.Size(io.WrittenCharacters)} by calls"
                    : inspection.Or(null, "not counted")
            ),
            ("page faults", $"{process.MinorFaults} without a disk, {process.MajorFaults} with one"),
            (
                "OOM score",
                $"{process.OomScore?.ToString() ?? "unknown"} (adjusted by {process.OomScoreAdjustment ?? 0})"
            ),
            ("children", process.Children is { } children ? List(children) : inspection.Or(null, "unknown")),
            (
                "environment",
                process.Environment is { } variables ? $"{variables.Count} variables" : inspection.Or(null)
            ),
        ];
        if (process.Status.NamespaceProcessIds.Count > 1)
        {
            facts.Insert(
                0,
                (
                    "numbers",
                    $"{string.Join(", ", process.Status.NamespaceProcessIds)}, from the outermost PID namespace to its own"
                )
            );
        }

        if (inspection.Container is { } container)
        {
            facts.Insert(0, ("container", Visible.Of(container)));
        }

        return facts;
    }

    private static List<(string, string)> Scheduler(ProcessSnapshot process)
    {
        ProcessSchedulerState state = process.Scheduler;
        ProcScheduler? accounting = state.Accounting;
        return
        [
            (
                "policy",
                Policies.NameOf(state.Policy)
                    + (state.RealTimePriority > 0 ? $", priority {state.RealTimePriority}" : "")
            ),
            ("nice", $"{state.Nice} (the kernel's priority: {state.Priority})"),
            ("weight", accounting?.Weight?.ToString() ?? "not told by this kernel"),
            ("virtual runtime", Nanoseconds(accounting?.VirtualRuntimeNanoseconds)),
            (
                "ran, waited",
                $"{Nanoseconds(accounting?.RunNanoseconds)}, {Nanoseconds(accounting?.WaitNanoseconds)} for a processor"
            ),
            ("slices", accounting?.Timeslices?.ToString() ?? "not told by this kernel"),
            ("switches", $"{process.VoluntarySwitches} by itself, {process.InvoluntarySwitches} by the scheduler"),
            ("processors", $"{Visible.Of(state.AllowedProcessors)} (last on {state.Processor})"),
        ];
    }

    private static List<(string, string)> Credentials(Inspection inspection)
    {
        ProcStatus status = inspection.Process.Status;
        CapabilityState capabilities = status.Capabilities;
        return
        [
            ("user", Users(status.Users)),
            ("group", Groups(status.Groups)),
            (
                "further groups",
                status.SupplementaryGroups.Count > 0 ? string.Join(", ", status.SupplementaryGroups) : "none"
            ),
            ("umask", Convert.ToString((int)status.Umask, 8).PadLeft(4, '0')),
            ("effective", Capabilities(capabilities.Effective)),
            ("permitted", Capabilities(capabilities.Permitted)),
            ("inheritable", Capabilities(capabilities.Inheritable)),
            ("bounding", Capabilities(status.BoundingSet)),
            ("ambient", Capabilities(status.AmbientSet)),
        ];

        string Users(ProcessIds ids) => Four(ids, inspection.UserOf);

        string Groups(ProcessIds ids) => Four(ids, id => id.ToString(CultureInfo.InvariantCulture));
    }

    private static List<(string, string)> Confinement(Inspection inspection)
    {
        ProcStatus status = inspection.Process.Status;
        return
        [
            ("no_new_privs", status.NoNewPrivileges ? "yes: execve gives no more rights" : "no"),
            (
                "seccomp",
                status.SeccompMode switch
                {
                    0 => "none",
                    1 => "strict",
                    _ => $"filtered, {status.SeccompFilters} {(status.SeccompFilters == 1 ? "filter" : "filters")}",
                }
            ),
            (
                "security label",
                inspection.Process.SecurityLabel is { } label
                    ? Visible.Of(label)
                    : "none (no security module labels it)"
            ),
            ("traced by", status.TracerId == 0 ? "nobody" : $"process {status.TracerId}"),
        ];
    }

    private static List<(string, string)> Namespaces(Inspection inspection)
    {
        if (inspection.Process.Namespaces is not { } namespaces)
        {
            return [("all", inspection.Or(null))];
        }

        return
        [
            .. NamespaceKinds.Each.Select(kind =>
                (
                    NamespaceKinds.NameOf(kind),
                    !namespaces.TryGetValue(kind, out ulong number) ? "none"
                    : !inspection.OwnNamespaces.TryGetValue(kind, out ulong own) ? Number((long)number)
                    : number == own ? $"{number} (as tare's)"
                    : $"{number} (its own: tare's is {own})"
                )
            ),
        ];
    }

    private static string Four(ProcessIds ids, Func<uint, string> name) =>
        ids.Real == ids.Effective && ids.Saved == ids.Effective && ids.FileSystem == ids.Effective
            ? name(ids.Effective)
            : $"{name(ids.Effective)}; real {name(ids.Real)}, saved {name(ids.Saved)}, for files {name(ids.FileSystem)}";

    // Most sets are almost all or almost none: the shorter is told.
    private static string Capabilities(CapabilitySet set)
    {
        CapabilitySet all = CapabilitySet.UpTo(Linux.Capabilities.Last);
        CapabilitySet missing = new(all.Bits & ~set.Bits);
        return set.Count == 0 ? "none"
            : missing.Count == 0 ? $"all {set.Count}"
            : missing.Count < set.Count ? $"all {all.Count} but {missing}"
            : set.ToString();
    }

    /// <summary>A time that the kernel counts so.</summary>
    public static string Nanoseconds(long? value) =>
        value is { } time ? Words.Time(TimeSpan.FromTicks(time / 100)) : "not told by this kernel";

    private static string List(IReadOnlyList<int> numbers) => numbers.Count > 0 ? string.Join(", ", numbers) : "none";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
