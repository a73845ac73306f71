namespace Tare.Runtime.Checkpoints;

/// <summary>Whom memory is sent to instead of being written to files: <c>criu page-server</c>.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its TCP port.</param>
public sealed record PageServer(string Address, int Port);
