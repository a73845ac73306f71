namespace Tare.Linux;

/// <summary>The other side of a filter: calls that wait for an answer. seccomp_unotify(2).</summary>
public sealed class SeccompListenerFd(int descriptor) : FileDescriptor(descriptor);
