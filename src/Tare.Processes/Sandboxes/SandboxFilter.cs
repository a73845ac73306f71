using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The system calls of a sandbox.</summary>
internal static class SandboxFilter
{
    /// <summary>
    /// The wished profile. Without a network namespace sockets are the only way to the network: only those of the machine's
    /// own kind are left (Landlock knows TCP alone).
    /// </summary>
    public static SeccompProfile Of(SandboxOptions options, SandboxLevel level)
    {
        SeccompProfile profile = options.SystemCalls ?? SeccompProfile.Container;
        return level == SandboxLevel.Process && options.Network == SandboxNetwork.None
            ? profile.When(
                SeccompAnswer.Fail(Errno.EACCES),
                ["socket"],
                new ArgumentCondition(0, ArgumentComparison.NotEqual, (ulong)SocketFamily.AF_UNIX)
            )
            : profile;
    }
}
