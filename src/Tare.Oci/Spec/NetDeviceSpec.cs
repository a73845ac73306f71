namespace Tare.Oci;

/// <summary>A network device of the host that the container gets. config-linux.md, "Network Devices".</summary>
/// <param name="HostName">What it is called on the host.</param>
/// <param name="Name">What it is called in the container, a number in place of <c>%d</c>; null keeps its name.</param>
public sealed record NetDeviceSpec(string HostName, string? Name);
