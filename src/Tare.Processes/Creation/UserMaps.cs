using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The maps of a new user namespace, written from outside. user_namespaces(7).</summary>
internal static class UserMaps
{
    /// <summary>Writes both maps of a process that waits for them.</summary>
    /// <exception cref="KernelException">The kernel or the helper refuses a map.</exception>
    public static void Write(int processId, ImmutableArray<IdRange> users, ImmutableArray<IdRange> groups)
    {
        uint ownGroup = Credentials.GetEffectiveGid();
        if (!MayMapAny(Capability.CAP_SETGID) && UserMapFiles.IsOwn(groups.AsSpan(), ownGroup))
        {
            UserMapFiles
                .Write(processId, "setgroups", "deny")
                .OrThrow("write 'deny' to", UserMapFiles.PathOf(processId, "setgroups"));
        }

        Write(processId, "gid_map", "newgidmap", groups, ownGroup, MayMapAny(Capability.CAP_SETGID));
        Write(
            processId,
            "uid_map",
            "newuidmap",
            users,
            Credentials.GetEffectiveUid(),
            MayMapAny(Capability.CAP_SETUID)
        );
    }

    private static bool MayMapAny(Capability capability) =>
        Capabilities.Get() is { Ok: true, Value: var state } && state.Effective.Contains(capability);

    private static void Write(
        int processId,
        string file,
        string helper,
        ImmutableArray<IdRange> map,
        uint own,
        bool mayMapAny
    )
    {
        if (mayMapAny || UserMapFiles.IsOwn(map.AsSpan(), own))
        {
            string text = UserMapFiles.TextOf(map.AsSpan());
            SysResult written = UserMapFiles.Write(processId, file, text);
            written.OrThrow(
                $"write '{text.TrimEnd().Replace('\n', ';')}' to",
                UserMapFiles.PathOf(processId, file),
                "the ranges overlap, or an id outside is not mapped here"
            );
            return;
        }

        string path =
            UserMapFiles.FindHelper(helper)
            ?? throw new KernelException(
                Errno.ENOENT,
                "find",
                helper,
                "an ordinary user needs it for more than the own id: install the package uidmap"
            );
        IReadOnlyList<string> arguments = UserMapFiles.ArgumentsOf(helper, processId, map.AsSpan());
        if (!UserMapFiles.Ask(path, arguments, quiet: true))
        {
            throw new KernelException(
                Errno.EPERM,
                string.Join(' ', arguments),
                hint: $"the ranges must be this user's in '/etc/sub{file[..3]}'"
            );
        }
    }
}
