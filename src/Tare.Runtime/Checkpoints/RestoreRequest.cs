using Tare.Linux;
using Tare.Runtime.State;

namespace Tare.Runtime.Checkpoints;

/// <summary>What a container is made of that was saved.</summary>
/// <param name="Settings">What concerns CRIU.</param>
public sealed record RestoreRequest(CriuSettings Settings)
{
    /// <summary>Its name.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>The absolute path of its bundle, whose config.json is the one that it was made of.</summary>
    public required string Bundle { get; init; }

    /// <summary>systemd makes the cgroup, and config.json's path is one of slice, prefix and name.</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>This process does not stay with it.</summary>
    public bool Detached { get; init; }

    /// <summary>A connected socket that the terminal's other side is sent to; null where there is no terminal. Not owned.</summary>
    public SocketFd? ConsoleSocket { get; init; }

    /// <summary>A file that the first process's number is written to.</summary>
    public string? PidFile { get; init; }
}
