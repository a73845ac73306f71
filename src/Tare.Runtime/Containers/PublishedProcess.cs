using System.Text;
using Tare.Linux;

namespace Tare.Runtime.Containers;

/// <summary>Tells the caller of a runtime which process was made.</summary>
public static class PublishedProcess
{
    /// <summary>Sends a pidfd and writes the pid file, in this order; each only where it is asked for.</summary>
    /// <param name="process">The process.</param>
    /// <param name="processId">Its number.</param>
    /// <param name="pidFile">Where its number goes.</param>
    /// <param name="socket">Where the pidfd goes. Not owned.</param>
    /// <param name="kind">What the message with the pidfd says: <c>standard</c> for a first process, <c>setns</c> for one that was added, as runc has it.</param>
    /// <exception cref="KernelException">The file cannot be written, or nobody listens any more.</exception>
    public static void Publish(PidFd process, int processId, string? pidFile, SocketFd? socket, string kind)
    {
        if (socket is not null)
        {
            DescriptorPassing
                .Send(socket, Encoding.ASCII.GetBytes(kind), process)
                .OrThrow("send a pidfd over the pidfd socket");
        }

        if (pidFile is not null)
        {
            PidFile.Write(pidFile, processId);
        }
    }
}
