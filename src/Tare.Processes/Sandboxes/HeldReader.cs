using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Reads back what holds for a process that has just been started.</summary>
internal static class HeldReader
{
    private static readonly ImmutableArray<string> LimitFiles =
    [
        "memory.max",
        "memory.limit_in_bytes",
        "pids.max",
        "cpu.max",
        "cpu.cfs_quota_us",
    ];

    /// <summary>Reads; the process has not been reaped, so that its number is its own.</summary>
    public static SandboxHeld Read(int processId, ControlGroup? group, int landlockAbi)
    {
        CloneFlags? namespaces = Differing(processId);
        ProcStatus status = ProcStatus.Read(processId).OrThrow("read", $"/proc/{processId}/status");
        CapabilityState state = status.Capabilities;
        return new SandboxHeld
        {
            NoNewPrivileges = status.NoNewPrivileges,
            SeccompMode = status.SeccompMode,
            SeccompFilters = status.SeccompFilters,
            Capabilities = state.Permitted | state.Inheritable | status.BoundingSet | status.AmbientSet,
            UserId = status.Users.Effective,
            Namespaces = namespaces,
            LandlockAbi = landlockAbi,
            CgroupLimits = LimitFiles
                .Select(file => (file, Text: group?.Read(file)?.Trim()))
                .Where(limit => limit.Text is not null)
                .ToImmutableDictionary(limit => limit.file, limit => limit.Text!),
        };
    }

    private static CloneFlags? Differing(int processId)
    {
        CloneFlags differing = CloneFlags.None;
        foreach (CloneFlags kind in NamespaceKinds.Each)
        {
            string name = NamespaceKinds.NameOf(kind);
            SysResult<BytePath> theirs = Files.ReadLinkAt(null, $"/proc/{processId}/ns/{name}");
            SysResult<BytePath> own = Files.ReadLinkAt(null, $"/proc/thread-self/ns/{name}");
            if (!theirs.Ok)
            {
                return null;
            }

            differing |= theirs.Value == own.Value ? CloneFlags.None : kind;
        }

        return differing;
    }
}
