using Tare.Runtime.State;

namespace Tare.Runtime;

/// <summary>
/// An operation on a container cannot be done. The message is the line that people read; callers of OCI runtimes look for
/// some of the texts (<c>container does not exist</c>, <c>container not running</c>), so those are a contract.
/// </summary>
public sealed class ContainerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>There is no such container, or none any more.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>There is no container of this id.</summary>
    public static ContainerException Missing(ContainerId id) =>
        new($"container does not exist: '{id}'") { IsMissing = true };
}
