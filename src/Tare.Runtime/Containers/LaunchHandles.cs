using System.Collections.Immutable;
using Tare.Linux;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Resctrl;

namespace Tare.Runtime.Containers;

/// <summary>What a plan is to be handed; none of it is owned. What the plan does not ask for may be null.</summary>
public sealed record LaunchHandles
{
    /// <summary>The cgroups that the process enters.</summary>
    public ContainerCgroup? Cgroup { get; init; }

    /// <summary>The groups of resctrl that the process enters.</summary>
    internal ContainerResctrl? Resctrl { get; init; }

    /// <summary>The container's first process (exec).</summary>
    public PidFd? ContainerProcess { get; init; }

    /// <summary>The Landlock ruleset.</summary>
    public FileDescriptor? Landlock { get; init; }

    /// <summary>The socket that the terminal's other side is sent to.</summary>
    public SocketFd? ConsoleSocket { get; init; }

    /// <summary>The socket that directories to be copied are sent over.</summary>
    public SocketFd? CopyUpSocket { get; init; }

    /// <summary>Standard input, output and error.</summary>
    public ImmutableArray<FileDescriptor> Streams { get; init; } = [];

    /// <summary>The FIFO by which the container is started.</summary>
    public FileFd? StartFifo { get; init; }

    /// <summary>The mark that says that the container is being made.</summary>
    public FileFd? Mark { get; init; }

    /// <summary>The socket that the listener of the filter on system calls is sent to.</summary>
    public SocketFd? ListenerSocket { get; init; }

    /// <summary>Where a failing step is also reported to.</summary>
    public FileFd? FailureReport { get; init; }
}
