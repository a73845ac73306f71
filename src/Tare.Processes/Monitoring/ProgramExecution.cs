using Tare.Linux;

namespace Tare.Processes;

/// <summary>A process has opened a program, or its interpreter, to execute it. The descriptor is the receiver's, to be disposed.</summary>
/// <param name="ProcessId">Which process; 0 where it is not in the PID namespace of this one.</param>
/// <param name="Process">The same as a descriptor; null where it has ended, or before Linux 5.15.</param>
/// <param name="Path">The program's path, as far as this process sees it; null where events were lost.</param>
public sealed record ProgramExecution(int ProcessId, PidFd? Process, string? Path) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => Process?.Dispose();
}
