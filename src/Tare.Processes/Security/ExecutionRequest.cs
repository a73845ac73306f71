using Tare.Linux;

namespace Tare.Processes;

/// <summary>Decides about an execution that waits. Called on the thread pool, for several at once.</summary>
/// <param name="request">What is to be executed; valid until the answer.</param>
/// <param name="cancellationToken">Cancelled when the <see cref="ExecutionGate"/> is disposed, by which it is allowed.</param>
/// <returns>False fails it with EPERM.</returns>
public delegate ValueTask<bool> ExecutionHandler(ExecutionRequest request, CancellationToken cancellationToken);

/// <summary>A program, or its interpreter, that a process is about to execute. The descriptors stay the gate's.</summary>
/// <param name="ProcessId">Who; 0 where it is not in the PID namespace of this process.</param>
/// <param name="Process">The same as a descriptor; null where it has ended, or before Linux 5.15.</param>
/// <param name="File">The very file that will be executed, open for reading.</param>
public sealed record ExecutionRequest(int ProcessId, PidFd? Process, FileFd File)
{
    /// <summary>The file's path now, as this process sees it.</summary>
    public string Path => Files.ReadLinkAt(null, $"/proc/self/fd/{File.Number}").Value.ToString();
}
