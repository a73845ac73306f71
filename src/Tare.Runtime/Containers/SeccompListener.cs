using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;

namespace Tare.Runtime.Containers;

/// <summary>
/// Carries the listener of a filter from the process that has loaded it to the program that answers its notifications. That
/// program is connected to before the launch, so that a missing one costs nothing; each listener has a connection of its own.
/// </summary>
internal sealed class SeccompListener : IDisposable
{
    private readonly SocketFd answerer;
    private readonly SocketPair carrier;
    private readonly string path;
    private readonly string? metadata;

    private SeccompListener(SocketFd answerer, SocketPair carrier, string path, string? metadata)
    {
        this.answerer = answerer;
        this.carrier = carrier;
        this.path = path;
        this.metadata = metadata;
    }

    /// <summary>What the launch sends the listener over.</summary>
    public SocketFd Inside => carrier.Second;

    /// <summary>Connects to the program; null where the profile asks nobody.</summary>
    /// <exception cref="KernelException">Nobody listens there.</exception>
    public static SeccompListener? Open(SeccompSpec? profile)
    {
        if (profile is not { ListenerPath: { } path } || !SeccompNotices.AreWanted(profile))
        {
            return null;
        }

        SocketFd connected = UnixSockets
            .Connect(path)
            .OrThrow(
                "failed to connect with seccomp agent at",
                path,
                "linux.seccomp.listenerPath: somebody must listen"
            );
        try
        {
            SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("make a pair of sockets");
            return new SeccompListener(connected, pair, path, profile.ListenerMetadata);
        }
        catch
        {
            connected.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits until the process has loaded its filter, and hands the listener on. From then on calls that wait for an answer
    /// get one, those of the launch itself among them. Preconditions: the child has been made and waits at no gate.
    /// </summary>
    /// <param name="launch">The launch.</param>
    /// <param name="stateOf">The container's state, if its process has that number.</param>
    /// <returns>False if the child ended before.</returns>
    /// <exception cref="KernelException">The program is gone.</exception>
    public bool HandOn(PendingLaunch launch, Func<int, StateDocument> stateOf)
    {
        // The child has its own: its end is seen when that is closed.
        carrier.Second.Dispose();
        Span<byte> payload = stackalloc byte[1];
        using ReceivedMessage message = DescriptorPassing
            .Receive(carrier.First, payload, maximum: 1)
            .OrThrow("receive the seccomp filter's listener");
        if (message.Descriptors is not [var listener])
        {
            return false;
        }

        launch.WaitForSpawn(listener);
        ContainerProcessState told = new()
        {
            Pid = launch.ProcessId,
            Metadata = metadata,
            State = stateOf(launch.ProcessId),
        };
        DescriptorPassing
            .Send(answerer, told.Write(), listener)
            .OrThrow("send the seccomp filter's listener to", path, "whoever listens there must read it");
        answerer.Dispose();
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        answerer.Dispose();
        carrier.Dispose();
    }
}
