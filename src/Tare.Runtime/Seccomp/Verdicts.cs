using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Seccomp;

/// <summary>What filters answer.</summary>
internal static class Verdicts
{
    /// <summary>The answer for an action; its errno is EPERM unless it is given.</summary>
    public static uint Of(SeccompActionType action, uint? errnoRet) =>
        action switch
        {
            SeccompActionType.Kill or SeccompActionType.KillThread => (uint)SeccompAction.SECCOMP_RET_KILL_THREAD,
            SeccompActionType.KillProcess => (uint)SeccompAction.SECCOMP_RET_KILL_PROCESS,
            SeccompActionType.Trap => (uint)SeccompAction.SECCOMP_RET_TRAP,
            SeccompActionType.Errno => (uint)SeccompAction.SECCOMP_RET_ERRNO | (errnoRet ?? (uint)Errno.EPERM),
            SeccompActionType.Trace => (uint)SeccompAction.SECCOMP_RET_TRACE | (errnoRet ?? (uint)Errno.EPERM),
            SeccompActionType.Allow => (uint)SeccompAction.SECCOMP_RET_ALLOW,
            SeccompActionType.Log => (uint)SeccompAction.SECCOMP_RET_LOG,
            SeccompActionType.Notify => (uint)SeccompAction.SECCOMP_RET_USER_NOTIF,
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "no action"),
        };
}
