using Tare.Cli.Observation;
using Tare.Cli.Sandbox;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>Everything that this user may know of a process, at one moment.</summary>
internal sealed record Inspection
{
    /// <summary>What is said in place of what this user may not know.</summary>
    public const string Hidden = "hidden (needs the right to trace the process: its user's, or CAP_SYS_PTRACE)";

    /// <summary>The process.</summary>
    public required ProcessSnapshot Process { get; init; }

    /// <summary>Its memory; null where this user may not know, or it has none.</summary>
    public required MemoryLayout? Memory { get; init; }

    /// <summary>The right to trace it is there; without it some things are hidden.</summary>
    public required bool MayTrace { get; init; }

    /// <summary>The namespaces of <c>tare</c> itself.</summary>
    public required IReadOnlyDictionary<CloneFlags, ulong> OwnNamespaces { get; init; }

    /// <summary>What its cgroups allow and have used.</summary>
    public required IReadOnlyList<CgroupFigures> Cgroups { get; init; }

    /// <summary>The container that it is in; null for none.</summary>
    public required string? Container { get; init; }

    /// <summary>Names of users by number.</summary>
    public required IReadOnlyDictionary<uint, string> Users { get; init; }

    /// <summary>Takes it.</summary>
    /// <returns>Null where there is no such process.</returns>
    public static Inspection? Take(int processId)
    {
        SysResult<PidFd> opened = PidFds.Open(processId);
        if (opened.Errno is Errno.ESRCH or Errno.ENOENT or Errno.EINVAL)
        {
            return null;
        }

        using PidFd process = opened.OrThrow("open process", processId.ToString());
        ProcessSnapshot snapshot;
        try
        {
            snapshot = ProcessSnapshot.Read(process, SnapshotParts.All);
        }
        catch (KernelException e) when (e.Errno == Errno.ESRCH)
        {
            return null;
        }
        catch (KernelException e) when (e.Errno is Errno.EPERM or Errno.EACCES)
        {
            throw new KernelException(e.Errno, "read process", processId.ToString(), "/proc is mounted with hidepid");
        }

        return new()
        {
            Process = snapshot,
            Memory = Layout(process),
            MayTrace = IsTraceable(process),
            OwnNamespaces =
                ProcessSnapshot.ReadOwn(SnapshotParts.Namespaces).Namespaces ?? new Dictionary<CloneFlags, ulong>(),
            Cgroups = CgroupFigures.ReadAll(snapshot.Cgroups ?? []),
            Container = ContainerName.Of(snapshot),
            Users = Accounts.Names(),
        };
    }

    /// <summary>What is missing for want of a right, of what this user may not know; else the text.</summary>
    public string Or(string? text, string otherwise = "none") =>
        text is null ? (MayTrace ? otherwise : Hidden) : Visible.Of(text);

    /// <summary>A user with its name.</summary>
    public string UserOf(uint user) =>
        Users.TryGetValue(user, out string? name) ? $"{user} ({Visible.Of(name)})" : user.ToString();

    private static MemoryLayout? Layout(PidFd process)
    {
        try
        {
            MemoryLayout layout = MemoryLayout.Read(process);
            return layout.Regions.Count > 0 ? layout : null;
        }
        catch (KernelException e) when (e.Errno is Errno.EACCES or Errno.EPERM or Errno.ESRCH or Errno.ENOENT)
        {
            return null;
        }
    }

    // Only the right to trace lets one see where a namespace's link leads.
    private static bool IsTraceable(PidFd process)
    {
        SysResult<DirectoryFd> opened = ProcDirectory.Open(process);
        if (!opened.Ok)
        {
            return true;
        }

        using DirectoryFd directory = opened.Value;
        return ProcDirectory.Target(directory, "ns/user").Errno is not (Errno.EACCES or Errno.EPERM);
    }
}
