namespace Tare.Oci;

/// <summary>
/// A line of uid_map or gid_map: <paramref name="Size"/> ids from <paramref name="ContainerId"/> on are those from
/// <paramref name="HostId"/> on. user_namespaces(7).
/// </summary>
public sealed record IdMapping(uint ContainerId, uint HostId, uint Size);
