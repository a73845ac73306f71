using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Shows what root owns as owned by the user of root's sandboxes. A sandboxed program that is user 0 could read what is root's
/// alone, capabilities or not: it is another user, and what it is given by name is its own, by an id-mapped mount. Groups are
/// shown as they are: what it makes is of its own group, so that no file of it gives anybody root's group (set-group-ID).
/// </summary>
internal static class OwnersMap
{
    private const uint Number = 65534;

    // One namespace for all: 0 and that user in each other's place, and everybody else as is.
    private static readonly Lazy<NamespaceFd> Map = new(
        static () =>
            UserNamespace.Create(
                [
                    new(0, Number, 1),
                    new(1, 1, Number - 1),
                    new(Number, 0, 1),
                    new(Number + 1, Number + 1, uint.MaxValue - Number - 1),
                ],
                [new(0, 0, uint.MaxValue)]
            ),
        LazyThreadSafetyMode.PublicationOnly
    );

    /// <summary>Who is meant.</summary>
    public static ProcessCredentials User { get; } = new(Number, Number);

    /// <summary>Copies the tree of a place, its owners mapped, its mount restricted; the caller's.</summary>
    /// <exception cref="KernelException">EINVAL: its file system cannot show other owners.</exception>
    public static MountFd Open(SandboxPlace place)
    {
        const string Call = "show with the sandbox's user as owner";
        MountFd tree = Mounts
            .OpenTree(null, place.Path, OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.AT_RECURSIVE)
            .OrThrow(Call, place.Path);
        SysResult mapped = Mounts.IdMap(tree, Map.Value, recursive: true);
        if (mapped.Ok)
        {
            mapped = Mounts.MountSetattr(tree, new MountAttribute { Set = place.Attributes }, recursive: true);
        }

        if (!mapped.Ok)
        {
            tree.Dispose();
            throw new KernelException(mapped.Errno, Call, place.Path, "say by User who the program is");
        }

        return tree;
    }
}
