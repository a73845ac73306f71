using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Makes the profile of a recording.</summary>
internal static class RecordedProfile
{
    // What the vDSO does without the kernel where the machine's clock lets it, waiting for a lock that was free in the run that
    // was recorded, what the kernel has threads call by itself, and how they end.
    private static readonly string[] Besides =
    [
        "clock_getres",
        "clock_gettime",
        "exit",
        "exit_group",
        "futex",
        "getcpu",
        "getrandom",
        "gettimeofday",
        "restart_syscall",
        "rt_sigreturn",
        "time",
    ];

    private static readonly string[] ByOperation = ["clone", "clone3", "ioctl", "prctl", "socket", "socketpair"];

    /// <summary>Makes it.</summary>
    public static SeccompProfile Of(Recording recording, SeccompAnswer otherwise)
    {
        FilterAbi own = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? FilterAbi.Arm64 : FilterAbi.X64;
        string[] plain =
        [
            .. recording
                .Calls.Keys.Union(Besides, StringComparer.Ordinal)
                .Where(name => !ByOperation.Contains(name) || IsWhole(recording, name))
                .Order(StringComparer.Ordinal),
        ];
        SeccompProfile profile = new SeccompProfile(otherwise)
        {
            FurtherAbis = [.. recording.Abis.Where(abi => abi != own && abi != FilterAbi.X32)],
        }.Allow(plain);
        return WithOperations(WithSockets(WithClones(profile, recording), recording), recording);
    }

    // Assumed without having been watched: nothing is known but the name.
    private static bool IsWhole(Recording recording, string name) =>
        name is "socket" or "socketpair" ? recording.Sockets.IsEmpty : !recording.Operations.ContainsKey(name);

    // The flags of clone3 lie in memory, where no filter can look: where clone can do the same, programs are told that there
    // is no clone3 and take that.
    private static SeccompProfile WithClones(SeccompProfile profile, Recording recording)
    {
        ImmutableSortedSet<ulong> old = recording.Operations.GetValueOrDefault("clone") ?? [];
        ImmutableSortedSet<ulong> fresh = recording.Operations.GetValueOrDefault("clone3") ?? [];
        if (!fresh.IsEmpty)
        {
            bool replaceable = fresh.All(flags => flags == 0);
            profile = replaceable ? profile.Deny(Errno.ENOSYS, "clone3") : profile.Allow("clone3");
            old = replaceable ? old.Add(0) : old;
        }

        foreach (ulong namespaces in old)
        {
            profile = profile.When(
                SeccompAnswer.Allow,
                ["clone"],
                new ArgumentCondition(0, ArgumentComparison.MaskedEqual, CallObserver.NewNamespaces, namespaces)
            );
        }

        return profile;
    }

    // Which of the two calls made a socket is not kept, and does not matter.
    private static SeccompProfile WithSockets(SeccompProfile profile, Recording recording)
    {
        const ulong TypeMask = 0xf; // the rest are SOCK_NONBLOCK and SOCK_CLOEXEC
        foreach (string name in (string[])["socket", "socketpair"])
        {
            if (!recording.Calls.ContainsKey(name))
            {
                continue;
            }

            foreach (
                (SocketFamily family, int type) in recording
                    .Sockets.Select(socket => (socket.Family, (int)socket.Type))
                    .Distinct()
                    .Order()
            )
            {
                profile = profile.When(
                    SeccompAnswer.Allow,
                    [name],
                    new ArgumentCondition(0, ArgumentComparison.Equal, (ulong)family),
                    new ArgumentCondition(1, ArgumentComparison.MaskedEqual, TypeMask, (ulong)type)
                );
            }
        }

        return profile;
    }

    private static SeccompProfile WithOperations(SeccompProfile profile, Recording recording)
    {
        foreach ((string name, int argument) in ((string, int)[])[("ioctl", 1), ("prctl", 0)])
        {
            foreach (ulong operation in recording.Operations.GetValueOrDefault(name) ?? [])
            {
                // The kernel looks at 32 bits.
                profile = profile.When(
                    SeccompAnswer.Allow,
                    [name],
                    new ArgumentCondition(argument, ArgumentComparison.MaskedEqual, uint.MaxValue, operation)
                );
            }
        }

        return profile;
    }
}
