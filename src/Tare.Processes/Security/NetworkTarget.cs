using System.Net;
using System.Net.Sockets;

namespace Tare.Processes;

/// <summary>Where processes may connect to, or send to.</summary>
/// <param name="Addresses">The addresses: a network, or one address with all its bits.</param>
/// <param name="Port">The port, 1 to 65,535; null is any.</param>
public sealed record NetworkTarget(IPNetwork Addresses, int? Port = null)
{
    /// <summary>One address.</summary>
    public static NetworkTarget At(IPAddress address, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress own = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new(new IPNetwork(own, own.AddressFamily == AddressFamily.InterNetwork ? 32 : 128), port);
    }
}
