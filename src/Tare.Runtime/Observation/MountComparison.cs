using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>Compares what is mounted in a container with what was asked for.</summary>
internal static class MountComparison
{
    private static readonly (MountFlags Flag, MountAttributeFlags Attribute, string Option)[] Options =
    [
        (MountFlags.MS_NOSUID, MountAttributeFlags.MOUNT_ATTR_NOSUID, "nosuid"),
        (MountFlags.MS_NODEV, MountAttributeFlags.MOUNT_ATTR_NODEV, "nodev"),
        (MountFlags.MS_NOEXEC, MountAttributeFlags.MOUNT_ATTR_NOEXEC, "noexec"),
        (MountFlags.MS_NOSYMFOLLOW, MountAttributeFlags.MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow"),
        (MountFlags.MS_NOATIME, MountAttributeFlags.MOUNT_ATTR_NOATIME, "noatime"),
    ];

    public static void Compare(
        ValidatedSpec spec,
        ObservedProcess observed,
        MountLookup lookup,
        List<Difference> differences,
        List<string> unobserved
    )
    {
        if (observed.Mounts.Count == 0)
        {
            return;
        }

        CompareRoot(spec.Root, lookup, differences);
        for (int i = 0; i < spec.Mounts.Length; i++)
        {
            ValidatedMount mount = spec.Mounts[i];
            if (!IsHidden(spec.Mounts, i))
            {
                Place(mount, $"mounts.{mount.Destination}");
            }
        }

        foreach (ContainerPath path in spec.MaskedPaths)
        {
            PathOf(path, "linux.maskedPaths", found => found.IsRoot ? null : ("masked", "not masked"));
        }

        foreach (ContainerPath path in spec.ReadonlyPaths)
        {
            PathOf(path, "linux.readonlyPaths", found => found.Mount.IsReadOnly ? null : ("read-only", "writable"));
        }

        void Place(ValidatedMount mount, string property)
        {
            // A symlink that is mounted would lead away from its mount; one that was copied is none, and one that was not
            // covered has led the mount elsewhere.
            MountOptions options = mount.Options;
            bool showsLink = options.CopiesSymlink || options.ShowsSymlink;
            SysResult<(MountEntry Mount, bool IsRoot)> found = lookup.Find(
                mount.Destination,
                follow: !showsLink && !options.CoversSymlink
            );
            bool isElsewhere = showsLink && !options.CoversSymlink && found is { Ok: true, Value.IsRoot: false };
            if (found.Errno == Errno.EACCES || isElsewhere)
            {
                unobserved.Add(property);
            }
            else if (!found.Ok || !found.Value.IsRoot)
            {
                differences.Add(new(property, "a mount", "nothing is mounted there"));
            }
            else
            {
                if (Compare(mount, found.Value.Mount) is { } difference)
                {
                    differences.Add(new(property, difference.Expected, difference.Observed));
                }

                OwnersComparison.Compare(mount, lookup, property, differences);
            }
        }

        void PathOf(
            ContainerPath path,
            string property,
            Func<(MountEntry Mount, bool IsRoot), (string Expected, string Observed)?> compare
        )
        {
            SysResult<(MountEntry Mount, bool IsRoot)> found = lookup.Find(path);
            if (found.Errno == Errno.EACCES)
            {
                unobserved.Add($"{property}.{path}");
            }
            else if (found.Ok && compare(found.Value) is { } difference)
            {
                // Paths that are not there need not be hidden.
                differences.Add(new($"{property}.{path}", difference.Expected, difference.Observed));
            }
        }
    }

    private static void CompareRoot(ValidatedRoot root, MountLookup lookup, List<Difference> differences)
    {
        if (lookup.Find(ContainerPath.Root) is { Ok: true } found && root.IsReadOnly && !found.Value.Mount.IsReadOnly)
        {
            differences.Add(new("root.readonly", "true", "false"));
        }
    }

    // A later mount at the same place or above lies over it.
    private static bool IsHidden(ImmutableArray<ValidatedMount> mounts, int index)
    {
        string path = mounts[index].Destination.ToString()!;
        for (int i = index + 1; i < mounts.Length; i++)
        {
            string later = mounts[i].Destination.ToString()!;
            if (path == later || later == "/" || path.StartsWith(later + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static (string Expected, string Observed)? Compare(ValidatedMount mount, MountEntry found)
    {
        List<string> expected = [];
        List<string> present = [];
        if (mount.Kind == MountKind.FileSystem && mount.Type != found.Type)
        {
            expected.Add($"type {mount.Type}");
            present.Add($"type {found.Type}");
        }

        MountOptions options = mount.Options;
        bool readOnly = options.IsReadOnly || (options.RecursiveSet & MountAttributeFlags.MOUNT_ATTR_RDONLY) != 0;
        if (readOnly && !found.IsReadOnly)
        {
            expected.Add("ro");
            present.Add("rw");
        }

        foreach ((MountFlags flag, MountAttributeFlags attribute, string option) in Options)
        {
            bool wanted = (options.Flags & flag) != 0 || (options.RecursiveSet & attribute) != 0;
            if (wanted && !found.HasOption(option))
            {
                expected.Add(option);
                present.Add($"without {option}");
            }
        }

        if (!options.Propagation.IsEmpty)
        {
            string propagation = Propagation(found);
            string asked = options.Propagation[^1] switch
            {
                var kind when (kind & MountFlags.MS_SHARED) != 0 => "shared",
                var kind when (kind & MountFlags.MS_UNBINDABLE) != 0 => "unbindable",
                var kind when (kind & MountFlags.MS_SLAVE) != 0 => found.SharedGroup is null ? propagation : "slave",
                _ => "private",
            };
            if (asked != propagation)
            {
                expected.Add(asked);
                present.Add(propagation);
            }
        }

        return expected.Count == 0 ? null : (string.Join(", ", expected), string.Join(", ", present));
    }

    /// <summary>How mounts below spread, in one word.</summary>
    public static string Propagation(MountEntry mount) =>
        mount.SharedGroup is not null ? "shared"
        : mount.MasterGroup is not null ? "slave"
        : mount.Unbindable ? "unbindable"
        : "private";
}
