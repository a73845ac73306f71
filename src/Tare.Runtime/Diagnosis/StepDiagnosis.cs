using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.HostView;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Diagnosis;

/// <summary>Says why a step failed that sets the container up, where the reason lies with the machine.</summary>
public static class StepDiagnosis
{
    /// <summary>The reason and the remedy; null where nothing more can be said.</summary>
    public static string? Reason(LaunchFailure failure) =>
        failure switch
        {
            _ when IsRamdisk(failure) => "this machine's root is a ramdisk, which pivot_root refuses: use --no-pivot",
            { Errno: Errno.ENOENT } when failure.Words.StartsWith("pick the host's '", StringComparison.Ordinal) =>
                "no such file or directory: the source of a mount",

            { Errno: Errno.ENOENT, Words: RootSteps.PlaceWords } =>
                "the mount namespace that is joined does not show this runtime's directory for state: choose one that it "
                    + "shows by --root",

            // Docker looks for "not a directory", and tells of a path that is of the wrong kind then.
            { Errno: Errno.EINVAL } when failure.Words.StartsWith("bind '", StringComparison.Ordinal) =>
                "not a directory: both must be directories, or neither",
            { Errno: Errno.ENOTDIR } when failure.Words.StartsWith("open '", StringComparison.Ordinal) =>
                "not a directory",
            { Errno: Errno.EPERM } when failure.Words.StartsWith("make proc for '", StringComparison.Ordinal) =>
                "parts of this machine's own /proc are covered, as in a container or sandbox: "
                    + "the kernel then gives no other to a user namespace",
            { Errno: Errno.EPERM } when failure.Words.StartsWith("make sysfs for '", StringComparison.Ordinal) =>
                "a user namespace gets a sysfs only with a network namespace of its own, and where nothing covers parts "
                    + "of this machine's /sys: bind /sys instead",
            { Errno: Errno.EPERM }
                when failure.Words.StartsWith(SchedulingSteps.PolicyWords, StringComparison.Ordinal) =>
                "CAP_SYS_NICE is needed, and for real-time policies on cgroup v1 linux.resources.cpu.realtimeRuntime",
            { Errno: Errno.EPERM } when failure.Words.StartsWith("set RLIMIT_", StringComparison.Ordinal) =>
                "a hard limit above this runtime's own needs CAP_SYS_RESOURCE: lower it",
            { Errno: Errno.EPERM, Words: CredentialSteps.CapabilityWords } =>
                "this runtime lacks some of them itself: leave those out of process.capabilities",
            { Errno: Errno.EPERM, Words: NetworkSteps.Words } =>
                "CAP_NET_ADMIN is missing, which the new network namespace's owner has: add a user namespace, or leave the "
                    + "network namespace out",
            { Errno: Errno.EACCES, Words: SeccompSteps.Words } =>
                "the kernel wants no_new_privs for a filter, or CAP_SYS_ADMIN: set process.noNewPrivileges",
            { Errno: Errno.EINVAL, Words: SeccompSteps.Words } =>
                "the kernel does not know an action or a flag of linux.seccomp: SCMP_ACT_NOTIFY needs Linux 5.0, "
                    + "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs 5.19",
            { Errno: Errno.EBUSY, Words: SeccompSteps.Words } =>
                "a filter that this runtime itself is under has a listener already: SCMP_ACT_NOTIFY cannot be had there",
            _ => null,
        };

    /// <summary>The root could not be changed because the machine's is the kernel's first one, in memory.</summary>
    public static bool IsRamdisk(LaunchFailure failure) =>
        failure is { Errno: Errno.EINVAL, Words: RootSteps.PivotWords or HostLayoutSteps.PivotWords }
        && MountInfo.Read() is { Ok: true } mounts
        && mounts.Value.Any(mount => mount is { Type: "rootfs" } && mount.MountPoint.ToString() == "/");
}
