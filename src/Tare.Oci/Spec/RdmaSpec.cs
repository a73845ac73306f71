namespace Tare.Oci;

/// <summary>Limits of an RDMA device. config-linux.md, "RDMA".</summary>
/// <param name="Device">Its name.</param>
/// <param name="Handles">The most handles; null is no limit.</param>
/// <param name="Objects">The most objects; null is no limit.</param>
public sealed record RdmaSpec(string Device, uint? Handles, uint? Objects);
