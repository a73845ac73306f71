using System.Net.Sockets;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A kind of socket that a program made. socket(2), socketpair(2).</summary>
/// <param name="Family">The address family.</param>
/// <param name="Type">The type; the kernel's numbers are .NET's.</param>
/// <param name="Protocol">The protocol, a number that depends on the family; 0 is the family's usual one.</param>
public sealed record RecordedSocket(SocketFamily Family, SocketType Type, int Protocol);
