using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A mount, as statmount(2) tells it.</summary>
/// <param name="MountId">The number that is never given again (STATX_MNT_ID_UNIQUE).</param>
/// <param name="ParentId">That of the mount below.</param>
/// <param name="NamespaceId">The mount namespace; 0 before Linux 6.11.</param>
/// <param name="MountInfoId">The number that mountinfo shows.</param>
/// <param name="Device">The file system's device.</param>
/// <param name="Magic">The kind of file system.</param>
/// <param name="Attributes">The mount's attributes.</param>
/// <param name="Propagation">MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE.</param>
/// <param name="PeerGroup">The peer group; 0 is none.</param>
/// <param name="Master">The peer group that it receives from; 0 is none.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Root">Which directory of the file system is mounted.</param>
/// <param name="Point">Where, as seen from the caller's root; empty where it cannot be reached.</param>
/// <param name="Source">What was given as its source; null before Linux 6.13.</param>
/// <param name="Options">The file system's own options, separated by commas; null before Linux 6.13.</param>
public sealed record MountStatus(
    ulong MountId,
    ulong ParentId,
    ulong NamespaceId,
    uint MountInfoId,
    DeviceNumber Device,
    FileSystemMagic Magic,
    MountAttributeFlags Attributes,
    MountFlags Propagation,
    ulong PeerGroup,
    ulong Master,
    string Type,
    BytePath Root,
    BytePath Point,
    string? Source,
    string? Options
)
{
    /// <summary>What more exact type the file system says it has (<c>fuse.sshfs</c>'s <c>sshfs</c>); null: none, or before Linux 6.13.</summary>
    public string? Subtype { get; init; }

    /// <summary>The file system's own options, one by one and as they were given; null before Linux 6.13, or where it tells none.</summary>
    public IReadOnlyList<string>? OptionList { get; init; }

    /// <summary>The options of security modules (<c>context=…</c>); null before Linux 6.13, or where there are none.</summary>
    public IReadOnlyList<string>? SecurityOptions { get; init; }

    /// <summary>
    /// How the mount shows uids of the file system (the range's inside) to the caller (its outside); null: as they are, or before
    /// Linux 6.15. <see cref="Mounts.IdMap"/>.
    /// </summary>
    public IReadOnlyList<IdRange>? UserMap { get; init; }

    /// <summary>The same of gids.</summary>
    public IReadOnlyList<IdRange>? GroupMap { get; init; }

    /// <summary>All that the kernel can tell of mounts; none before Linux 6.15.</summary>
    public StatMountMask Supported { get; init; }

    internal const StatMountMask Wanted =
        StatMountMask.STATMOUNT_SB_BASIC
        | StatMountMask.STATMOUNT_MNT_BASIC
        | StatMountMask.STATMOUNT_MNT_ROOT
        | StatMountMask.STATMOUNT_MNT_POINT
        | StatMountMask.STATMOUNT_FS_TYPE
        | StatMountMask.STATMOUNT_MNT_NS_ID
        | StatMountMask.STATMOUNT_MNT_OPTS
        | StatMountMask.STATMOUNT_SB_SOURCE
        | StatMountMask.STATMOUNT_FS_SUBTYPE
        | StatMountMask.STATMOUNT_OPT_ARRAY
        | StatMountMask.STATMOUNT_OPT_SEC_ARRAY
        | StatMountMask.STATMOUNT_SUPPORTED_MASK
        | StatMountMask.STATMOUNT_MNT_UIDMAP
        | StatMountMask.STATMOUNT_MNT_GIDMAP;

    /// <summary>Takes apart what the kernel wrote: struct statmount, then zero-ended texts. linux/mount.h.</summary>
    /// <exception cref="FormatException">It is shorter than the struct, or a text is not in it.</exception>
    public static MountStatus Parse(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < Unsafe.SizeOf<StatMount>())
        {
            throw new FormatException("the answer is shorter than struct statmount");
        }

        StatMount status = MemoryMarshal.Read<StatMount>(answer);
        ReadOnlySpan<byte> texts = answer[Unsafe.SizeOf<StatMount>()..];
        return new(
            status.MountId,
            status.ParentId,
            status.NamespaceId,
            status.OldMountId,
            new(status.DeviceMajor, status.DeviceMinor),
            (FileSystemMagic)status.Magic,
            status.Attributes,
            status.Propagation,
            status.PeerGroup,
            status.Master,
            ProcText.String(Text(status, texts, StatMountMask.STATMOUNT_FS_TYPE, status.Type)),
            BytePath.FromBytes(Text(status, texts, StatMountMask.STATMOUNT_MNT_ROOT, status.Root)),
            BytePath.FromBytes(Text(status, texts, StatMountMask.STATMOUNT_MNT_POINT, status.Point)),
            Optional(status, texts, StatMountMask.STATMOUNT_SB_SOURCE, status.Source),
            Optional(status, texts, StatMountMask.STATMOUNT_MNT_OPTS, status.Options)
        )
        {
            Subtype = Optional(status, texts, StatMountMask.STATMOUNT_FS_SUBTYPE, status.Subtype),
            OptionList = List(status, texts, StatMountMask.STATMOUNT_OPT_ARRAY, status.OptionArray, status.OptionCount),
            SecurityOptions = List(
                status,
                texts,
                StatMountMask.STATMOUNT_OPT_SEC_ARRAY,
                status.SecurityOptionArray,
                status.SecurityOptionCount
            ),
            UserMap = Map(status, texts, StatMountMask.STATMOUNT_MNT_UIDMAP, status.UserMap, status.UserMapCount),
            GroupMap = Map(status, texts, StatMountMask.STATMOUNT_MNT_GIDMAP, status.GroupMap, status.GroupMapCount),
            Supported =
                (status.Mask & StatMountMask.STATMOUNT_SUPPORTED_MASK) == 0 ? StatMountMask.None : status.Supported,
        };
    }

    private static IReadOnlyList<IdRange>? Map(
        in StatMount status,
        ReadOnlySpan<byte> texts,
        StatMountMask what,
        uint at,
        uint count
    ) =>
        List(status, texts, what, at, count) is { } lines
            ? ProcNamespaceFiles.ParseMap(string.Join('\n', lines))
            : null;

    // An empty list is told like none.
    private static List<string>? List(
        in StatMount status,
        ReadOnlySpan<byte> texts,
        StatMountMask what,
        uint at,
        uint count
    )
    {
        if ((status.Mask & what) == 0 || count == 0)
        {
            return null;
        }

        List<string> all = [];
        for (uint i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> text = Text(status, texts, what, at);
            all.Add(ProcText.String(text));
            at += (uint)text.Length + 1;
        }

        return all;
    }

    private static string? Optional(in StatMount status, ReadOnlySpan<byte> texts, StatMountMask what, uint at) =>
        (status.Mask & what) == 0 ? null : ProcText.String(Text(status, texts, what, at));

    private static ReadOnlySpan<byte> Text(in StatMount status, ReadOnlySpan<byte> texts, StatMountMask what, uint at)
    {
        if ((status.Mask & what) == 0)
        {
            return [];
        }

        int length = at < texts.Length ? texts[(int)at..].IndexOf((byte)0) : -1;
        return length < 0 ? throw new FormatException($"{what} is not in the answer") : texts.Slice((int)at, length);
    }
}
