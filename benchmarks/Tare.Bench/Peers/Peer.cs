using Tare.Bench.Subjects;

namespace Tare.Bench.Peers;

/// <summary>A runtime that others wrote.</summary>
/// <param name="Name">Its name and version.</param>
/// <param name="View">Where it can run here.</param>
/// <param name="Words">The beginning of its command line.</param>
internal sealed record Peer(string Name, MountView View, string[] Words);
