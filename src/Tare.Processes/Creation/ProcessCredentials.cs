using System.Collections.Immutable;

namespace Tare.Processes;

/// <summary>Who a process is. credentials(7).</summary>
/// <param name="UserId">The real, effective, saved and file system user.</param>
/// <param name="GroupId">The same of the group.</param>
public sealed record ProcessCredentials(uint UserId, uint GroupId)
{
    /// <summary>The supplementary groups: none unless said.</summary>
    public ImmutableArray<uint> SupplementaryGroups { get; init; } = [];

    /// <summary>The supplementary groups stay this process's, as without CAP_SETGID they must.</summary>
    public bool KeepSupplementaryGroups { get; init; }
}
