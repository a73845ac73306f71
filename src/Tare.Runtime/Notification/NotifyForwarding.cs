using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Notification;

/// <summary>
/// Hears a container say that it is ready, and says so to whoever has asked the runtime: READY, the main process's number,
/// and then it waits until that has been heard. sd_notify(3), sd_notify_barrier(3).
/// </summary>
public sealed class NotifyForwarding : IDisposable
{
    private const int LargestMessage = 4096;
    private const FileModes ForAll = (FileModes)0x1FF; // 0777

    // As long as runc: who does not know barriers never answers.
    private static readonly TimeSpan LongestBarrier = TimeSpan.FromSeconds(30);

    private readonly SocketFd host;
    private readonly SocketFd container;

    private NotifyForwarding(SocketFd host, SocketFd container)
    {
        this.host = host;
        this.container = container;
    }

    /// <summary>Connects to the host's socket and makes the container's; before the container's program runs.</summary>
    /// <param name="hostSocket">What NOTIFY_SOCKET says: a path, or a name behind <c>@</c>.</param>
    /// <param name="folder">The container's directory for it, see <see cref="NotifySocket"/>.</param>
    /// <param name="path">The directory's path.</param>
    /// <exception cref="KernelException">Nobody listens there, or the container was created without.</exception>
    internal static NotifyForwarding Open(string hostSocket, DirectoryFd folder, string path)
    {
        SocketFd told = (
            hostSocket.StartsWith('@')
                ? UnixSockets.ConnectAbstract(Encoding.UTF8.GetBytes(hostSocket[1..]), SocketFlags.SOCK_DGRAM)
                : UnixSockets.Connect(hostSocket, SocketFlags.SOCK_DGRAM)
        ).OrThrow("connect to", hostSocket, "NOTIFY_SOCKET: name a socket that somebody reads, or unset it");
        try
        {
            // An earlier start can have left one.
            Files.UnlinkAt(folder, NotifySocket.Name);
            SocketFd heard = UnixSockets.Bind($"{path}/{NotifySocket.Name}").OrThrow("make the socket in", path);
            Files.FChmodAt(folder, NotifySocket.Name, ForAll).OrThrow("change the mode of the socket in", path);
            return new NotifyForwarding(told, heard);
        }
        catch
        {
            told.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits until the container says that it is ready, or its process has ended, and passes that on. Other messages are
    /// not passed on.
    /// </summary>
    /// <param name="process">The container's first process.</param>
    /// <param name="mainProcess">The number that is named as the service's main process.</param>
    /// <param name="said">Called when nothing more will be said.</param>
    /// <exception cref="KernelException">The host's socket takes nothing.</exception>
    public void Forward(PidFd process, int mainProcess, Action? said = null)
    {
        try
        {
            if (WaitForReady(process) is not { } ready)
            {
                return;
            }

            Say($"{ready}\n");
            Say(string.Create(CultureInfo.InvariantCulture, $"MAINPID={mainProcess}\n"));
        }
        finally
        {
            said?.Invoke();
        }

        WaitUntilHeard();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        host.Dispose();
        container.Dispose();
    }

    private string? WaitForReady(PidFd process)
    {
        Span<byte> message = stackalloc byte[LargestMessage];
        while (true)
        {
            Span<PollDescriptor> waiting =
            [
                new() { Descriptor = container.Number, Events = PollEvents.POLLIN },
                new() { Descriptor = process.Number, Events = PollEvents.POLLIN },
            ];
            Poll.Wait(waiting).OrThrow("wait for the container to be ready");
            if (waiting[0].Returned != 0)
            {
                SysResult<ReceivedMessage> received = DescriptorPassing.Receive(container, message, maximum: 0);
                if (received.Ok && ReadyIn(message[..received.Value.Length]) is { } ready)
                {
                    return ready;
                }
            }
            else if (waiting[1].Returned != 0)
            {
                return null;
            }
        }
    }

    private static string? ReadyIn(ReadOnlySpan<byte> message)
    {
        foreach (Range line in message.Split((byte)'\n'))
        {
            if (message[line].StartsWith("READY="u8))
            {
                return Encoding.UTF8.GetString(message[line]);
            }
        }

        return null;
    }

    private void Say(string text) =>
        DescriptorPassing.Send(host, Encoding.UTF8.GetBytes(text)).OrThrow("say that the container is ready");

    // Whoever has read all that came before lets go of the pipe.
    private void WaitUntilHeard()
    {
        PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        using PipeFd heard = pipe.ReadEnd;
        using (pipe.WriteEnd)
        {
            DescriptorPassing.Send(host, "BARRIER=1"u8, pipe.WriteEnd).OrThrow("say that the container is ready");
        }

        Poll.Wait(heard, PollEvents.POLLIN, LongestBarrier).OrThrow("wait until the host has heard");
    }
}
