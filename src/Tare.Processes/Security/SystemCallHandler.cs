namespace Tare.Processes;

/// <summary>
/// Decides about a system call that waits. Called on the thread pool, for several calls at once where several threads make
/// some; while it is awaited the calling thread sleeps. What it throws fails the call with EPERM.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="cancellationToken">Cancelled when nobody is under the filter any more.</param>
/// <returns>What becomes of the call.</returns>
public delegate ValueTask<SystemCallReply> SystemCallHandler(SystemCall call, CancellationToken cancellationToken);
