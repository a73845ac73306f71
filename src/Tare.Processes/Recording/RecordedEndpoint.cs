using System.Net.Sockets;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>What a program did with an address.</summary>
public enum EndpointUse
{
    /// <summary>connect(2).</summary>
    Connect,

    /// <summary>bind(2).</summary>
    Bind,

    /// <summary>sendto(2), sendmsg(2), sendmmsg(2) with an address.</summary>
    Send,
}

/// <summary>An address that a program used.</summary>
/// <param name="Use">For what.</param>
/// <param name="Family">Its family.</param>
/// <param name="Address">
/// An IP address; of AF_UNIX a path, or <c>@</c> and an abstract name; of others a text for people. No host name: those were
/// looked up before.
/// </param>
/// <param name="Port">The port; 0 where the family has none, and for binding any free one.</param>
/// <param name="Type">The socket's type; <see cref="SocketType.Unknown"/> where it could not be asked for.</param>
public sealed record RecordedEndpoint(EndpointUse Use, SocketFamily Family, string Address, int Port, SocketType Type);
