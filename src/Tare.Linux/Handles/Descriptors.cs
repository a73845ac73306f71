namespace Tare.Linux;

/// <summary>A process, whatever becomes of its number. pidfd_open(2).</summary>
public sealed class PidFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A mount that is attached nowhere yet, or one picked out of the tree. open_tree(2), fsmount(2).</summary>
public sealed class MountFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A file system that is being configured. fsopen(2), fspick(2).</summary>
public sealed class FileSystemContextFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A namespace. namespaces(7).</summary>
public sealed class NamespaceFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A directory, opened for look-ups below it (O_PATH or O_RDONLY).</summary>
public sealed class DirectoryFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A regular file, device, FIFO or other thing opened by path.</summary>
public sealed class FileFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A counter to wait on. eventfd(2).</summary>
public sealed class EventFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A set of descriptors to wait for. epoll(7).</summary>
public sealed class EpollFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A socket. socket(2), socketpair(2).</summary>
public sealed class SocketFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>Anonymous memory with a descriptor. memfd_create(2).</summary>
public sealed class MemoryFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>One end of a pipe. pipe2(2).</summary>
public sealed class PipeFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>One side of a pseudo-terminal. pty(7).</summary>
public sealed class PtyFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>Signals as data. signalfd(2).</summary>
public sealed class SignalFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A timer to wait on. timerfd_create(2).</summary>
public sealed class TimerFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A POSIX message queue. mq_open(3).</summary>
public sealed class MessageQueueFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A program that the kernel has checked and taken. bpf(2).</summary>
public sealed class BpfProgramFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>Values that programs in the kernel and this process share. bpf(2).</summary>
public sealed class BpfMapFd(int descriptor) : FileDescriptor(descriptor);

/// <summary>A ring of requests to the kernel and its answers. io_uring(7).</summary>
public sealed class IoRingFd(int descriptor) : FileDescriptor(descriptor);
