namespace Tare.Oci;

/// <summary>What becomes of a system call. config-linux.md, seccomp(2).</summary>
public enum SeccompActionType
{
    /// <summary>The thread is killed.</summary>
    Kill,

    /// <summary>The process is killed.</summary>
    KillProcess,

    /// <summary>The thread is killed.</summary>
    KillThread,

    /// <summary>The thread gets a SIGSYS.</summary>
    Trap,

    /// <summary>The call fails with an errno.</summary>
    Errno,

    /// <summary>A tracer decides; without one the call fails with ENOSYS.</summary>
    Trace,

    /// <summary>The call is made.</summary>
    Allow,

    /// <summary>The call is made and logged.</summary>
    Log,

    /// <summary>Another program decides.</summary>
    Notify,
}
