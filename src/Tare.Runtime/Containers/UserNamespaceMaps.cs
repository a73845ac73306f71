using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Containers;

/// <summary>The maps of a new user namespace, written from outside. user_namespaces(7).</summary>
/// <param name="Uids">The lines of uid_map.</param>
/// <param name="Gids">The lines of gid_map.</param>
/// <param name="Privileged">This process may map any id; otherwise newuidmap(1) and newgidmap(1) are asked, unless a map
/// holds nothing but the own id.</param>
public sealed record UserNamespaceMaps(ImmutableArray<IdMapping> Uids, ImmutableArray<IdMapping> Gids, bool Privileged)
{
    /// <summary>Without newgidmap a process may write a group map only once setgroups(2) is denied.</summary>
    public bool DeniesSetgroups => !Privileged && IsOwn(Gids, Credentials.GetEffectiveGid());

    /// <summary>Writes both maps of a process that waits for them.</summary>
    /// <exception cref="ContainerException">The kernel or the helper refuses a map.</exception>
    public void Write(int processId)
    {
        if (DeniesSetgroups)
        {
            WriteFile(processId, "setgroups", "deny");
        }

        Write(processId, "gid_map", "newgidmap", Gids, Credentials.GetEffectiveGid());
        Write(processId, "uid_map", "newuidmap", Uids, Credentials.GetEffectiveUid());
    }

    private void Write(int processId, string file, string helper, ImmutableArray<IdMapping> map, uint own)
    {
        if (Privileged || IsOwn(map, own))
        {
            WriteFile(processId, file, UserMapFiles.TextOf(RangesOf(map)));
            return;
        }

        Ask(processId, helper, map);
    }

    private static bool IsOwn(ImmutableArray<IdMapping> map, uint own) => UserMapFiles.IsOwn(RangesOf(map), own);

    private static IdRange[] RangesOf(ImmutableArray<IdMapping> map) =>
        [.. map.Select(line => new IdRange(line.ContainerId, line.HostId, line.Size))];

    private static void WriteFile(int processId, string file, string text)
    {
        SysResult written = UserMapFiles.Write(processId, file, text);
        written.OrThrow(
            $"write '{text.TrimEnd().Replace('\n', ';')}' to",
            UserMapFiles.PathOf(processId, file),
            written.Errno switch
            {
                Errno.EPERM => "an id outside of this user's own ranges, or of this user namespace, cannot be mapped",
                Errno.EINVAL => "the ranges overlap, or a host id is not mapped in this user namespace",
                _ => null,
            }
        );
    }

    private static void Ask(int processId, string helper, ImmutableArray<IdMapping> map)
    {
        string path =
            UserMapFiles.FindHelper(helper)
            ?? throw new ContainerException(
                $"find '{helper}': ENOENT (an ordinary user needs it for more than one id: install the package uidmap)"
            );
        IReadOnlyList<string> arguments = UserMapFiles.ArgumentsOf(helper, processId, RangesOf(map));
        if (!UserMapFiles.Ask(path, arguments, quiet: false))
        {
            string list = helper == "newuidmap" ? "/etc/subuid" : "/etc/subgid";
            throw new ContainerException(
                $"{string.Join(' ', arguments)}: EPERM (the ranges must be this user's in '{list}', as {helper} said above)"
            );
        }
    }
}
