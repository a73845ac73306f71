using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.uidMappings</c> and <c>linux.gidMappings</c>. user_namespaces(7).</summary>
internal static class MappingRules
{
    private const int MaximumLines = 340;

    public static (ImmutableArray<IdMapping> Uids, ImmutableArray<IdMapping> Gids) Check(
        LinuxSpec linux,
        ValidatedNamespaces namespaces
    )
    {
        ImmutableArray<IdMapping> uids = Check("linux.uidMappings", linux.UidMappings, namespaces);
        ImmutableArray<IdMapping> gids = Check("linux.gidMappings", linux.GidMappings, namespaces);
        return (uids, gids);
    }

    /// <summary>The maps of a mount: its own, or else the container's. mount_setattr(2), MOUNT_ATTR_IDMAP.</summary>
    public static ValidatedIdMap? OfMount(
        string property,
        MountSpec mount,
        MountOptions options,
        ImmutableArray<IdMapping> uids,
        ImmutableArray<IdMapping> gids,
        bool rootless
    )
    {
        (IReadOnlyList<IdMapping> ownUids, IReadOnlyList<IdMapping> ownGids) = options.Mapping is { } mapping
            ? IdMapOption.Parse($"{property}.options", mapping, uids, gids)
            : (mount.UidMappings, mount.GidMappings);
        bool hasOwn = ownUids.Count + ownGids.Count > 0;
        if (!options.IsMapped && !hasOwn)
        {
            return null;
        }

        if (rootless)
        {
            throw new SpecException($"{property}.options", "an ordinary user cannot map the owners of a mount's files");
        }

        if (hasOwn && (ownUids.Count == 0 || ownGids.Count == 0))
        {
            throw new SpecException(property, "has one of uidMappings and gidMappings (give both, or none)");
        }

        if (!hasOwn && uids.IsEmpty)
        {
            throw new SpecException(
                $"{property}.options",
                "idmap needs uidMappings and gidMappings, or a new user namespace whose maps it takes"
            );
        }

        if (hasOwn)
        {
            uids = CheckLines($"{property}.uidMappings", ownUids);
            gids = CheckLines($"{property}.gidMappings", ownGids);
        }

        return new ValidatedIdMap(uids, gids, options.IsMappedBelow);
    }

    /// <summary>Who the program runs as must exist in the container.</summary>
    public static void CheckUser(
        ValidatedProcess process,
        ImmutableArray<IdMapping> uids,
        ImmutableArray<IdMapping> gids
    )
    {
        CheckMapped("process.user.uid", process.Uid, uids, "linux.uidMappings");
        CheckMapped("process.user.gid", process.Gid, gids, "linux.gidMappings");
        foreach (uint gid in process.AdditionalGids)
        {
            CheckMapped("process.user.additionalGids", gid, gids, "linux.gidMappings");
        }
    }

    /// <summary>An id of the container has one on the host.</summary>
    public static bool Maps(ImmutableArray<IdMapping> mappings, uint id)
    {
        foreach (IdMapping mapping in mappings)
        {
            if (id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size)
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckMapped(string property, uint id, ImmutableArray<IdMapping> mappings, string where)
    {
        if (mappings.Length != 0 && !Maps(mappings, id))
        {
            throw new SpecException(property, $"{id} is not mapped (add it to {where})");
        }
    }

    private static ImmutableArray<IdMapping> Check(
        string property,
        IReadOnlyList<IdMapping> mappings,
        ValidatedNamespaces namespaces
    )
    {
        bool makes = namespaces.Makes(CloneFlags.CLONE_NEWUSER);
        if (!makes)
        {
            // With a user namespace that is joined, callers repeat its mappings; they are in force already.
            return mappings.Count == 0 || namespaces.Has(CloneFlags.CLONE_NEWUSER)
                ? []
                : throw new SpecException(
                    property,
                    "needs a user namespace (add {\"type\": \"user\"} to linux.namespaces)"
                );
        }

        if (mappings.Count == 0)
        {
            throw new SpecException(property, "a new user namespace needs at least one line (map container id 0)");
        }

        return CheckLines(property, mappings);
    }

    private static ImmutableArray<IdMapping> CheckLines(string property, IReadOnlyList<IdMapping> mappings)
    {
        if (mappings.Count > MaximumLines)
        {
            throw new SpecException(property, $"{mappings.Count} lines are more than the kernel takes (at most 340)");
        }

        for (int i = 0; i < mappings.Count; i++)
        {
            CheckLine($"{property}[{i}]", mappings, i);
        }

        return [.. mappings];
    }

    private static void CheckLine(string property, IReadOnlyList<IdMapping> mappings, int index)
    {
        IdMapping line = mappings[index];
        if (line.Size == 0)
        {
            throw new SpecException(property, "size is 0 (give the number of ids)");
        }

        if (uint.MaxValue - line.ContainerId < line.Size || uint.MaxValue - line.HostId < line.Size)
        {
            throw new SpecException(property, "the range goes beyond the last id (make size smaller)");
        }

        for (int i = 0; i < index; i++)
        {
            if (
                Overlap(line.ContainerId, mappings[i].ContainerId, line.Size, mappings[i].Size)
                || Overlap(line.HostId, mappings[i].HostId, line.Size, mappings[i].Size)
            )
            {
                throw new SpecException(property, $"overlaps line {i} (let every id be mapped once)");
            }
        }
    }

    private static bool Overlap(uint a, uint b, uint sizeA, uint sizeB) =>
        (ulong)a < (ulong)b + sizeB && (ulong)b < (ulong)a + sizeA;
}
