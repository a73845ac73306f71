using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Reads back what holds for a process that has just been started.</summary>
internal static class HeldReader
{
    private static readonly (string Controller, string Unified, string Legacy)[] LimitFiles =
    [
        ("memory", "memory.max", "memory.limit_in_bytes"),
        ("pids", "pids.max", "pids.max"),
        ("cpu", "cpu.max", "cpu.cfs_quota_us"),
    ];

    /// <summary>Reads what is around a process, which no program changes.</summary>
    public static SandboxSurroundings ReadSurroundings(int processId, ControlGroup? group) =>
        new(Differing(processId), group is null ? ImmutableDictionary<string, string>.Empty : LimitsOf(group));

    /// <summary>Reads the rest; the process has not been reaped, so that its number is its own.</summary>
    public static SandboxHeld Read(int processId, SandboxSurroundings surroundings, int landlockAbi)
    {
        ProcStatus status = ProcStatus.Read(processId).OrThrow("read", $"/proc/{processId}/status");
        CapabilityState state = status.Capabilities;
        return new SandboxHeld
        {
            NoNewPrivileges = status.NoNewPrivileges,
            SeccompMode = status.SeccompMode,
            SeccompFilters = status.SeccompFilters,
            Capabilities = state.Permitted | state.Inheritable | status.BoundingSet | status.AmbientSet,
            UserId = status.Users.Effective,
            Namespaces = surroundings.Namespaces,
            LandlockAbi = landlockAbi,
            CgroupLimits = surroundings.CgroupLimits,
        };
    }

    private static ImmutableDictionary<string, string> LimitsOf(ControlGroup group)
    {
        ImmutableDictionary<string, string>.Builder limits = ImmutableDictionary.CreateBuilder<string, string>();
        foreach ((string controller, string unified, string legacy) in LimitFiles)
        {
            if (group.ReadOf(controller, unified, legacy) is { } read)
            {
                limits[read.File] = read.Text.Trim();
            }
        }

        return limits.ToImmutable();
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

/// <summary>What the kernel says of the surroundings of a sandbox's process.</summary>
/// <param name="Namespaces">Those that are not this process's; null where they could not be looked at.</param>
/// <param name="CgroupLimits">What the kernel has as limits, by file.</param>
internal sealed record SandboxSurroundings(CloneFlags? Namespaces, ImmutableDictionary<string, string> CgroupLimits);
