namespace Tare.Runtime;

/// <summary>
/// An operation on a container cannot be done. The message is the line that people read; callers of OCI runtimes look for
/// some of the texts (<c>container does not exist</c>, <c>container not running</c>), so those are a contract.
/// </summary>
public sealed class ContainerException(string message, Exception? inner = null) : Exception(message, inner);
