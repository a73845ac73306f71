namespace Tare.Runtime.State;

/// <summary>The unit of systemd that a container's cgroup belongs to.</summary>
/// <param name="Name">The unit's name: <c>NAME.scope</c>.</param>
/// <param name="IsUser">The service manager is a user's own and not the machine's.</param>
public sealed record SystemdUnit(string Name, bool IsUser);
