namespace Tare.Oci;

/// <summary>What went through a network interface.</summary>
/// <param name="Name">The interface.</param>
/// <param name="Received">What came in.</param>
/// <param name="Sent">What went out.</param>
public sealed record NetworkStatistics(string Name, NetworkCount Received, NetworkCount Sent);
