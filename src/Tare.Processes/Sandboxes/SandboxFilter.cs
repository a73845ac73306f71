using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The system calls of a sandbox: compiled once for each profile, since it is the same for every start.</summary>
internal static class SandboxFilter
{
    // The kernel takes the family as 32 bits and the type as 4; the rest of a register is whatever a program likes.
    private const ulong FamilyMask = 0xffff_ffff;
    private const ulong TypeMask = 0xf;

    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> InNamespaces = [];
    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> WithoutNetwork = [];
    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> WithNetwork = [];

    /// <summary>Landlock says who connects to what of the file system's sockets; else the filter does.</summary>
    internal static readonly bool LandlockHasSockets = LandlockPolicy.KernelAbi >= 9;

    /// <summary>The filter of the wished profile.</summary>
    /// <exception cref="ArgumentException">It cannot be compiled.</exception>
    public static SeccompFilter Of(SandboxOptions options, SandboxLevel level)
    {
        SeccompProfile profile = options.SystemCalls ?? SeccompProfile.Container;
        return (level, options.Network) switch
        {
            (SandboxLevel.Container, _) => InNamespaces.GetValue(
                profile,
                static profile => SandboxCalls.Always(profile).ToFilter()
            ),
            (_, SandboxNetwork.None) => WithoutNetwork.GetValue(
                profile,
                static profile => CutOff(AmongOthers(profile), LandlockHasSockets).ToFilter()
            ),
            _ => WithNetwork.GetValue(
                profile,
                static profile =>
                    (LandlockHasSockets ? AmongOthers(profile) : WithoutLocalSockets(AmongOthers(profile))).ToFilter()
            ),
        };
    }

    private static SeccompProfile AmongOthers(SeccompProfile profile) =>
        SandboxCalls.AmongOthers(SandboxCalls.Always(profile));

    /// <summary>
    /// The profile with no sockets but the machine's own kind. Without a network namespace sockets are the only way to the
    /// network, and Landlock knows TCP alone. io_uring makes sockets where no filter looks.
    /// </summary>
    /// <param name="profile">The profile.</param>
    /// <param name="landlockHasSockets">
    /// Landlock knows who connects to a path. Where it does not, nobody connects: no filter can look at an address, and the
    /// servers of the machine, who may run anything for their user, would be an address away.
    /// </param>
    internal static SeccompProfile CutOff(SeccompProfile profile, bool landlockHasSockets)
    {
        SeccompProfile machine = profile
            .When(
                SeccompAnswer.Fail(Errno.EACCES),
                ["socket"],
                new ArgumentCondition(0, ArgumentComparison.NotEqual, (ulong)SocketFamily.AF_UNIX)
            )
            .Deny(Errno.EPERM, "io_uring_setup");
        return landlockHasSockets ? machine : WithoutDatagrams(machine, "socket").Deny(Errno.EACCES, "connect");
    }

    /// <summary>
    /// The profile with no sockets of the machine's own kind but connected pairs, for where a network is to be had and Landlock
    /// does not know who connects to a path.
    /// </summary>
    internal static SeccompProfile WithoutLocalSockets(SeccompProfile profile) =>
        WithoutDatagrams(
            profile
                .When(
                    SeccompAnswer.Fail(Errno.EACCES),
                    ["socket"],
                    new ArgumentCondition(0, ArgumentComparison.MaskedEqual, FamilyMask, (ulong)SocketFamily.AF_UNIX)
                )
                .Deny(Errno.EPERM, "io_uring_setup")
        );

    // What is sent to a path without a connection, also from one of a connected pair. SOCK_RAW is SOCK_DGRAM here.
    private static SeccompProfile WithoutDatagrams(SeccompProfile profile, params ReadOnlySpan<string> calls)
    {
        foreach (SocketFlags type in (ReadOnlySpan<SocketFlags>)[SocketFlags.SOCK_DGRAM, SocketFlags.SOCK_RAW])
        {
            profile = profile.When(
                SeccompAnswer.Fail(Errno.EACCES),
                ["socketpair", .. calls],
                new ArgumentCondition(1, ArgumentComparison.MaskedEqual, TypeMask, (ulong)type)
            );
        }

        return profile;
    }
}
