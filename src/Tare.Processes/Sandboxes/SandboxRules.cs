using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The Landlock policy of a sandbox, about the machine's files: what it has of its own is <see cref="SandboxView"/>'s.</summary>
internal static class SandboxRules
{
    /// <summary>Makes it.</summary>
    /// <param name="options">The options; who the program is, is decided.</param>
    /// <param name="places">What it has of the machine's tree.</param>
    /// <param name="temporary">Its own directory; null where that is a mount.</param>
    public static LandlockPolicy Of(SandboxOptions options, ImmutableArray<SandboxPlace> places, string? temporary)
    {
        // Where the kernel does not know of sockets, the filter does: see SandboxFilter.
        LandlockAccessFs sockets = SandboxFilter.LandlockHasSockets ? LandlockAccess.Connect : LandlockAccessFs.None;
        LandlockPolicy policy = new()
        {
            Files = LandlockAccess.All | sockets,
            BestEffort = options.AllowWeaker || options.Level == SandboxLevel.Container,
            Network =
                options.Network == SandboxNetwork.None && options.Level == SandboxLevel.Process
                    ? LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP
                    : LandlockAccessNet.None,
            Scopes = ScopesOf(options),
        };
        foreach (SandboxPlace place in places)
        {
            LandlockAccessFs access = place.Writable
                ? LandlockAccess.Change | LandlockAccess.Execute | sockets
                : LandlockAccess.Execute;
            if (place is { Path: "/etc", Named: false } && IsRoot(options))
            {
                // Root's own files can be read by user 0 whatever it may do: what is for everybody is allowed by name.
                policy = policy.Allow(LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR, place.Path);
                policy = policy.AllowIfThere(access, [.. PublicFiles.In(place.Path)]);
            }
            else
            {
                policy = policy.Allow(access, place.Path);
            }
        }

        policy = policy.AllowIfThere(
            LandlockAccess.Write,
            "/dev/null",
            "/dev/zero",
            "/dev/full",
            "/dev/random",
            "/dev/urandom"
        );
        return temporary is null
            ? policy
            : policy
                .Allow(LandlockAccess.Change | LandlockAccess.Execute, temporary)
                .AllowIfThere(LandlockAccess.Read, "/proc");
    }

    // Abstract names are those of a network namespace, process numbers those of a PID namespace.
    private static LandlockScope ScopesOf(SandboxOptions options) =>
        (options.Level, options.Network) switch
        {
            (SandboxLevel.Process, _) => LandlockScope.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
                | LandlockScope.LANDLOCK_SCOPE_SIGNAL,
            (_, SandboxNetwork.Host) => LandlockScope.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET,
            _ => LandlockScope.None,
        };

    // The program is the machine's user 0, because the options say so or this process, root, may not make it another.
    private static bool IsRoot(SandboxOptions options) =>
        Credentials.GetEffectiveUid() == 0 && options.User is null or { UserId: 0 };
}
