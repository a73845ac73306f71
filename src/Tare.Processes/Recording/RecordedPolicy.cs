using System.Net.Sockets;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Makes the Landlock policy of a recording.</summary>
internal static class RecordedPolicy
{
    // What takes no more when it is allowed for a directory's other files.
    private const LandlockAccessFs Generalised = LandlockAccess.Execute;

    private static readonly (RecordedAccess Done, LandlockAccessFs Right)[] OfDirectories =
    [
        (RecordedAccess.MakeFile, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_REG),
        (RecordedAccess.MakeDirectory, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_DIR),
        (RecordedAccess.MakeSocket, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_SOCK),
        (RecordedAccess.MakePipe, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_FIFO),
        (RecordedAccess.MakeSymbolicLink, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_SYM),
        (RecordedAccess.MakeCharacterDevice, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_CHAR),
        (RecordedAccess.MakeBlockDevice, LandlockAccessFs.LANDLOCK_ACCESS_FS_MAKE_BLOCK),
        (RecordedAccess.Remove, LandlockAccessFs.LANDLOCK_ACCESS_FS_REMOVE_FILE),
        (RecordedAccess.RemoveDirectory, LandlockAccessFs.LANDLOCK_ACCESS_FS_REMOVE_DIR),
        (RecordedAccess.Move, LandlockAccessFs.LANDLOCK_ACCESS_FS_REFER),
    ];

    private static readonly string[] Signals =
    [
        "kill",
        "tkill",
        "tgkill",
        "pidfd_send_signal",
        "rt_sigqueueinfo",
        "rt_tgsigqueueinfo",
    ];

    /// <summary>Makes it.</summary>
    public static LandlockPolicy Of(Recording recording, int many)
    {
        SortedDictionary<string, LandlockAccessFs> places = new(StringComparer.Ordinal);
        foreach (RecordedPath path in recording.Paths.Values.Where(path => !path.Missing))
        {
            Add(places, Place(recording, path.Path), RightsOn(path));
            LandlockAccessFs above = default;
            foreach ((RecordedAccess done, LandlockAccessFs right) in OfDirectories)
            {
                above |= (path.Access & done) != 0 ? right : default;
            }

            Add(places, Place(recording, Parent(path.Path)), above);
        }

        // Relative to what a socket's path was is not known.
        string[] sockets = [.. recording.Endpoints.Where(IsReachedByPath).Select(endpoint => endpoint.Address)];
        bool known = sockets.All(path => path.StartsWith('/'));
        foreach (string path in sockets.Where(_ => known))
        {
            Add(places, Place(recording, path), LandlockAccess.Connect);
        }

        LandlockPolicy policy = new()
        {
            BestEffort = true,
            Files = LandlockAccess.All | (known ? LandlockAccess.Connect : LandlockAccessFs.None),
            Network =
                LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP
                | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP
                | LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP
                | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP,
            Scopes = Scopes(recording),
        };
        foreach ((string path, LandlockAccessFs access) in Generalise(places, many))
        {
            policy = policy.AllowIfThere(access, path);
        }

        return WithPorts(policy, recording);
    }

    // Directories of many files become rules, from below; neither the root nor what lies directly in it does.
    private static SortedDictionary<string, LandlockAccessFs> Generalise(
        SortedDictionary<string, LandlockAccessFs> places,
        int many
    )
    {
        while (true)
        {
            string? directory = places
                .Where(place => (place.Value & ~Generalised) == 0)
                .GroupBy(place => Parent(place.Key))
                .Where(group => group.Count() >= many && group.Key.LastIndexOf('/') > 0)
                .MaxBy(group => group.Key.Length)
                ?.Key;
            if (directory is null)
            {
                break;
            }

            LandlockAccessFs access = places.GetValueOrDefault(directory);
            foreach (string inside in places.Keys.Where(key => Parent(key) == directory).ToArray())
            {
                if ((places[inside] & ~Generalised) == 0)
                {
                    access |= places[inside];
                    places.Remove(inside);
                }
            }

            places[directory] = access;
        }

        // What a directory above allows already.
        foreach (string path in places.Keys.ToArray())
        {
            for (string above = Parent(path); above != path; above = above == "/" ? path : Parent(above))
            {
                if (places.TryGetValue(above, out LandlockAccessFs access) && (places[path] & ~access) == 0)
                {
                    places.Remove(path);
                    break;
                }
            }
        }

        return places;
    }

    private static LandlockAccessFs RightsOn(RecordedPath path)
    {
        LandlockAccessFs rights = default;
        rights |= (path.Access & RecordedAccess.Read) != 0 ? LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE : default;
        rights |= (path.Access & RecordedAccess.List) != 0 ? LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR : default;
        rights |=
            (path.Access & RecordedAccess.Write) != 0
                ? LandlockAccessFs.LANDLOCK_ACCESS_FS_WRITE_FILE | LandlockAccessFs.LANDLOCK_ACCESS_FS_TRUNCATE
                : default;
        rights |=
            (path.Access & RecordedAccess.Execute) != 0
                ? LandlockAccessFs.LANDLOCK_ACCESS_FS_EXECUTE | LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE
                : default;
        return rights != default && path.Device ? rights | LandlockAccessFs.LANDLOCK_ACCESS_FS_IOCTL_DEV : rights;
    }

    // Where the rule must be, since only what is there can have one: of what was made the nearest directory that was not, and
    // /proc of what is some process's.
    private static string Place(Recording recording, string path)
    {
        if (IsOfProcess(path))
        {
            return "/proc";
        }

        while (path != "/" && recording.Paths.TryGetValue(path, out RecordedPath? made) && made.Made)
        {
            path = Parent(path);
        }

        return path;
    }

    private static bool IsOfProcess(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal)
        && path.Length > 6
        && (char.IsAsciiDigit(path[6]) || path.StartsWith("/proc/self", StringComparison.Ordinal));

    private static void Add(SortedDictionary<string, LandlockAccessFs> places, string path, LandlockAccessFs access)
    {
        if (access != default)
        {
            places[path] = places.GetValueOrDefault(path) | access;
        }
    }

    private static LandlockPolicy WithPorts(LandlockPolicy policy, Recording recording)
    {
        foreach (
            (LandlockAccessNet access, ushort port) in recording
                .Endpoints.Where(endpoint => endpoint.Family is SocketFamily.AF_INET or SocketFamily.AF_INET6)
                .SelectMany(RightsOn)
                .Distinct()
                .Order()
        )
        {
            policy = policy.AllowPort(access, port);
        }

        return policy;
    }

    // What is sent with an address opens a connection of TCP too (MSG_FASTOPEN), and of UDP binds any free port before.
    private static IEnumerable<(LandlockAccessNet Access, ushort Port)> RightsOn(RecordedEndpoint endpoint)
    {
        bool binds = endpoint.Use == EndpointUse.Bind;
        ushort port = (ushort)endpoint.Port;
        if (endpoint.Type is SocketType.Stream or SocketType.Unknown)
        {
            yield return (
                binds
                    ? LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_TCP
                    : LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_TCP,
                port
            );
        }

        if (endpoint.Type is SocketType.Dgram or SocketType.Unknown)
        {
            yield return (LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP, binds ? port : (ushort)0);
            if (!binds)
            {
                yield return (LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP, port);
            }
        }
    }

    private static bool IsReachedByPath(RecordedEndpoint endpoint) =>
        endpoint is { Family: SocketFamily.AF_UNIX, Use: not EndpointUse.Bind, Address: [not '@', ..] };

    // Whether a signal or an abstract name reached out of the program's own processes is not known.
    private static LandlockScope Scopes(Recording recording)
    {
        bool signals = Signals.Any(recording.Calls.ContainsKey);
        bool names = recording.Endpoints.Any(endpoint =>
            endpoint is { Family: SocketFamily.AF_UNIX, Use: not EndpointUse.Bind, Address: ['@', ..] }
        );
        return (signals ? LandlockScope.None : LandlockScope.LANDLOCK_SCOPE_SIGNAL)
            | (names ? LandlockScope.None : LandlockScope.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET);
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";
}
