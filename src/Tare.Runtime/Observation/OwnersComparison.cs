using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>
/// Compares the owners that a mount shows with the maps that it was asked for with. Kernels before Linux 6.15 do not tell, and
/// then there is nothing to compare. statmount(2).
/// </summary>
internal static class OwnersComparison
{
    private const StatMountMask Maps = StatMountMask.STATMOUNT_MNT_UIDMAP | StatMountMask.STATMOUNT_MNT_GIDMAP;

    public static void Compare(ValidatedMount mount, MountLookup lookup, string property, List<Difference> differences)
    {
        if (
            mount.IdMap is not { } map
            || lookup.Status(mount.Destination) is not { Ok: true, Value: var status }
            || (status.Supported & Maps) != Maps
        )
        {
            return;
        }

        Add("uidMappings", map.Uids, status.UserMap);
        Add("gidMappings", map.Gids, status.GroupMap);

        void Add(string name, ImmutableArray<IdMapping> asked, IReadOnlyList<IdRange>? shown)
        {
            // The kernel sorts long maps.
            string expected = Words(asked.Select(range => (range.ContainerId, range.HostId, range.Size)));
            string observed = Words((shown ?? []).Select(range => (range.Inside, range.Outside, range.Count)));
            if (expected != observed)
            {
                differences.Add(new($"{property}.{name}", expected, observed));
            }
        }
    }

    private static string Words(IEnumerable<(uint Inside, uint Outside, uint Count)> ranges)
    {
        string words = string.Join(
            ", ",
            ranges.Order().Select(range => $"{range.Inside} {range.Outside} {range.Count}")
        );
        return words.Length == 0 ? "none" : words;
    }
}
