using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>What the memory behind an argument is.</summary>
internal enum ArgumentShape
{
    /// <summary>Not known, or no memory at all.</summary>
    Unknown,

    /// <summary>Some memory: a zero is a null pointer.</summary>
    Pointer,

    /// <summary>Bytes that are written as they are.</summary>
    Buffer,

    /// <summary>clone3(2).</summary>
    CloneArguments,

    /// <summary>openat2(2).</summary>
    OpenHow,

    /// <summary>mount_setattr(2).</summary>
    MountAttributes,

    /// <summary>prlimit(2).</summary>
    ResourceLimit,

    /// <summary>capset(2).</summary>
    CapabilityHeader,

    /// <summary>capset(2): two words each of effective, permitted and inheritable capabilities, interleaved.</summary>
    CapabilitySets,

    /// <summary>timespec(3type).</summary>
    TimeSpec,

    /// <summary>sockaddr(3type).</summary>
    SocketAddress,

    /// <summary>setgroups(2).</summary>
    GroupList,

    /// <summary>sigset_t as the kernel has it: 64 bits.</summary>
    SignalSet,
}

/// <summary>Which arguments of a call point to what.</summary>
internal static class CallShapes
{
    /// <summary>The shape of an argument of a call.</summary>
    public static ArgumentShape Of(Syscall call, int argument) =>
        (call, argument) switch
        {
            (Syscall.clone3, 0) => ArgumentShape.CloneArguments,
            (Syscall.openat2, 2) => ArgumentShape.OpenHow,
            (Syscall.mount_setattr, 3) => ArgumentShape.MountAttributes,
            (Syscall.open_tree_attr, 3) => ArgumentShape.MountAttributes,
            (Syscall.prlimit64, 2 or 3) => ArgumentShape.ResourceLimit,
            (Syscall.setrlimit or Syscall.getrlimit, 1) => ArgumentShape.ResourceLimit,
            (Syscall.capset or Syscall.capget, 0) => ArgumentShape.CapabilityHeader,
            (Syscall.capset or Syscall.capget, 1) => ArgumentShape.CapabilitySets,
            (Syscall.nanosleep, 0 or 1) => ArgumentShape.TimeSpec,
            (Syscall.clock_nanosleep, 2 or 3) => ArgumentShape.TimeSpec,
            (Syscall.clock_settime, 1) => ArgumentShape.TimeSpec,
            (Syscall.ppoll, 2) => ArgumentShape.TimeSpec,
            (Syscall.bind or Syscall.connect, 1) => ArgumentShape.SocketAddress,
            (Syscall.sendto, 4) => ArgumentShape.SocketAddress,
            (Syscall.setgroups, 1) => ArgumentShape.GroupList,
            (Syscall.rt_sigprocmask, 1 or 2) => ArgumentShape.SignalSet,
            (Syscall.write or Syscall.pwrite64 or Syscall.sendto, 1) => ArgumentShape.Buffer,
            _ => IsPointer(call, argument) ? ArgumentShape.Pointer : ArgumentShape.Unknown,
        };

    private static bool IsPointer(Syscall call, int argument) =>
        (call, argument) switch
        {
            (Syscall.mount, 0 or 1 or 2 or 4) => true,
            (Syscall.fsconfig, 2 or 3) => true,
            (Syscall.execve, 0 or 1 or 2) => true,
            (Syscall.execveat, 1 or 2 or 3) => true,
            (Syscall.rt_sigaction, 1 or 2) => true,
            (Syscall.waitid, 2 or 4) => true,
            (Syscall.wait4, 1 or 3) => true,
            (Syscall.read or Syscall.pread64, 1) => true,
            (Syscall.getcwd, 0) => true,
            (Syscall.pidfd_send_signal, 2) => true,
            _ => false,
        };
}
