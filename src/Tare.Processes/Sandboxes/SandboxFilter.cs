using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The system calls of a sandbox: compiled once for each profile, since it is the same for every start.</summary>
internal static class SandboxFilter
{
    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> Whole = [];
    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> WithoutNetwork = [];

    /// <summary>The filter of the wished profile.</summary>
    /// <exception cref="ArgumentException">It cannot be compiled.</exception>
    public static SeccompFilter Of(SandboxOptions options, SandboxLevel level)
    {
        SeccompProfile profile = options.SystemCalls ?? SeccompProfile.Container;
        return level == SandboxLevel.Process && options.Network == SandboxNetwork.None
            ? WithoutNetwork.GetValue(profile, static profile => CutOff(profile).ToFilter())
            : Whole.GetValue(profile, static profile => profile.ToFilter());
    }

    /// <summary>
    /// The profile with no sockets but the machine's own kind. Without a network namespace sockets are the only way to the
    /// network, and Landlock knows TCP alone. io_uring makes sockets where no filter looks.
    /// </summary>
    internal static SeccompProfile CutOff(SeccompProfile profile) =>
        profile
            .When(
                SeccompAnswer.Fail(Errno.EACCES),
                ["socket"],
                new ArgumentCondition(0, ArgumentComparison.NotEqual, (ulong)SocketFamily.AF_UNIX)
            )
            .Deny(Errno.EPERM, "io_uring_setup");
}
