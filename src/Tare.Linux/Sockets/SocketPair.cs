namespace Tare.Linux;

/// <summary>Two sockets that are connected to each other; each belongs to the caller.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
public readonly record struct SocketPair(SocketFd First, SocketFd Second) : IDisposable
{
    /// <summary>Closes both.</summary>
    public void Dispose()
    {
        First?.Dispose();
        Second?.Dispose();
    }
}
