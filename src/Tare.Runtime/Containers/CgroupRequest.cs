using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>How a container comes to its cgroups.</summary>
/// <param name="Id">The container.</param>
/// <param name="BySystemd">systemd makes them, and config.json's path is one of slice, prefix and name.</param>
internal sealed record CgroupRequest(ContainerId Id, bool BySystemd)
{
    /// <summary>It gets none.</summary>
    public bool HasNone { get; init; }

    /// <summary>Limits are left out where this user may not make cgroups, instead of being an error.</summary>
    public bool IgnoresErrors { get; init; }

    /// <summary>
    /// They are limited by <see cref="CreationCgroup.Limit()"/> alone, not when they are made: whoever makes the container in
    /// them needs more than it.
    /// </summary>
    public bool IsLimitedLater { get; init; }

    /// <summary>What a request to create a container says of it.</summary>
    public static CgroupRequest Of(CreateRequest request) =>
        new(request.Id, request.SystemdCgroup)
        {
            HasNone = request.HasNoCgroup,
            IgnoresErrors = request.IgnoresCgroupErrors,
        };
}
