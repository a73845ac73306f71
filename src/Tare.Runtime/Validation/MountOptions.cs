using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Runtime.Validation;

/// <summary>
/// The options of one mount, sorted by the call that takes them. config.md, "Linux mount options"; mount_setattr(2).
/// Where options contradict each other, the later one holds, as with mount(8).
/// </summary>
public sealed record MountOptions
{
    /// <summary>No options.</summary>
    public static MountOptions None { get; } = new();

    /// <summary>What mount(2) takes as flags: of the file system and of the mount.</summary>
    public MountFlags Flags { get; init; }

    /// <summary>The flags that were named to be off (<c>rw</c>, <c>exec</c>).</summary>
    public MountFlags Cleared { get; init; }

    /// <summary>Attributes to set on the mount and everything mounted below it (<c>rro</c>).</summary>
    public MountAttributeFlags RecursiveSet { get; init; }

    /// <summary>Attributes to take away likewise (<c>rrw</c>).</summary>
    public MountAttributeFlags RecursiveClear { get; init; }

    /// <summary>Propagation, in the order to be applied; MS_REC beside it means everything below too.</summary>
    public ImmutableArray<MountFlags> Propagation { get; init; } = [];

    /// <summary>The owners of its files are mapped.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Those of everything mounted below it, too.</summary>
    public bool IsMappedBelow { get; init; }

    /// <summary>The mappings as the option itself has them (<see cref="IdMapOption"/>); null where it has none.</summary>
    public string? Mapping { get; init; }

    /// <summary>The file system, a tmpfs, begins with what the directory that it covers holds.</summary>
    public bool CopiesUp { get; init; }

    /// <summary>A source that is a symlink is not mounted: a symlink with the same text is made at the destination. crun.1.</summary>
    public bool CopiesSymlink { get; init; }

    /// <summary>A source that is a symlink is shown itself, not what it leads to. crun.1.</summary>
    public bool ShowsSymlink { get; init; }

    /// <summary>What is at the destination is covered, be it a symlink; it must be there. crun.1.</summary>
    public bool CoversSymlink { get; init; }

    /// <summary>One of the three options for symlinks that was given; null where none was.</summary>
    public string? NamesSymlink =>
        CopiesSymlink ? "copy-symlink"
        : ShowsSymlink ? "src-nofollow"
        : CoversSymlink ? "dest-nofollow"
        : null;

    /// <summary>What is left for the file system, joined by commas.</summary>
    public string Data { get; init; } = "";

    /// <summary>The mount shows a file or directory that is already there.</summary>
    public bool IsBind => (Flags & MountFlags.MS_BIND) != 0;

    /// <summary>With everything that is mounted below its source.</summary>
    public bool IsRecursive => (Flags & MountFlags.MS_REC) != 0;

    /// <summary>It changes a mount that is already there.</summary>
    public bool IsRemount => (Flags & MountFlags.MS_REMOUNT) != 0;

    /// <summary>It is made read-only.</summary>
    public bool IsReadOnly => (Flags & MountFlags.MS_RDONLY) != 0;

    /// <summary>Sorts the options of a document.</summary>
    /// <param name="property">The property's path, for errors.</param>
    /// <param name="options">The options, in order.</param>
    /// <exception cref="SpecException">An option is known and not supported, or would be cut in two by the kernel.</exception>
    public static MountOptions Parse(string property, IReadOnlyList<string> options)
    {
        if (options.Count == 0)
        {
            return None;
        }

        MountFlags flags = MountFlags.None;
        MountFlags cleared = MountFlags.None;
        MountAttributeFlags recursiveSet = 0;
        MountAttributeFlags recursiveClear = 0;
        ImmutableArray<MountFlags>.Builder propagation = ImmutableArray.CreateBuilder<MountFlags>(0);
        string data = "";
        bool isMapped = false;
        bool isMappedBelow = false;
        string? mapping = null;
        bool copiesUp = false;
        bool copiesSymlink = false;
        bool showsSymlink = false;
        bool coversSymlink = false;
        foreach (string option in options)
        {
            if (MountOptionTable.TryGetFlag(option, out MountFlags flag, out bool off))
            {
                MountFlags rivals = off ? flag : flag | Rivals(flag);
                flags = off ? flags & ~flag : (flags & ~rivals) | flag;
                cleared = off ? cleared | flag : cleared & ~flag;
            }
            else if (MountOptionTable.TryGetPropagation(option, out MountFlags kind))
            {
                propagation.Add(kind);
            }
            else if (MountOptionTable.TryGetAttribute(option, out MountAttributeFlags attribute, out bool without))
            {
                MountAttributeFlags group =
                    (attribute & ~MountAttributeFlags.MOUNT_ATTR__ATIME) == 0
                        ? MountAttributeFlags.MOUNT_ATTR__ATIME
                        : attribute;
                recursiveSet = (recursiveSet & ~group) | (without ? 0 : attribute);
                recursiveClear =
                    without || group == MountAttributeFlags.MOUNT_ATTR__ATIME
                        ? recursiveClear | group
                        : recursiveClear & ~group;
            }
            else if (MappingOf(option) is { } maps)
            {
                isMapped = true;
                isMappedBelow = option[0] == 'r';
                mapping = maps.Length == 0 ? null : maps;
            }
            else if (option == "tmpcopyup")
            {
                copiesUp = true;
            }
            else if (option is "copy-symlink" or "src-nofollow" or "dest-nofollow")
            {
                copiesSymlink |= option == "copy-symlink";
                showsSymlink |= option == "src-nofollow";
                coversSymlink |= option == "dest-nofollow";
            }
            else
            {
                data = Append(property, data, option);
            }
        }

        return new MountOptions
        {
            Flags = flags,
            Cleared = cleared,
            RecursiveSet = recursiveSet,
            RecursiveClear = recursiveClear,
            Propagation = propagation.ToImmutable(),
            IsMapped = isMapped,
            IsMappedBelow = isMappedBelow,
            Mapping = mapping,
            CopiesUp = copiesUp,
            CopiesSymlink = copiesSymlink,
            ShowsSymlink = showsSymlink,
            CoversSymlink = coversSymlink,
            Data = data,
        };
    }

    // What is behind "idmap=" or "ridmap="; empty for the option alone, null for another.
    private static string? MappingOf(string option) =>
        option is "idmap" or "ridmap" ? ""
        : option.StartsWith("idmap=", StringComparison.Ordinal) ? option["idmap=".Length..]
        : option.StartsWith("ridmap=", StringComparison.Ordinal) ? option["ridmap=".Length..]
        : null;

    private static string Append(string property, string data, string option)
    {
        if (option.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, "an option contains a zero byte (leave it out)");
        }

        return option.Length == 0 ? data
            : data.Length == 0 ? option
            : data + "," + option;
    }

    // Only one way of noting access times can hold.
    private static MountFlags Rivals(MountFlags flag)
    {
        const MountFlags Times = MountFlags.MS_NOATIME | MountFlags.MS_RELATIME | MountFlags.MS_STRICTATIME;
        return (flag & Times) != 0 ? Times : MountFlags.None;
    }
}
