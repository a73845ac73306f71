namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>How connections are kept from being answered meanwhile. criu_network_lock_method in CRIU's rpc.proto.</summary>
public enum CriuNetworkLock
{
    /// <summary>By iptables(8).</summary>
    Iptables = 1,

    /// <summary>By nftables.</summary>
    Nftables = 2,

    /// <summary>Not at all.</summary>
    Skip = 3,
}
