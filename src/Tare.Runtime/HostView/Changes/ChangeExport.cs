using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// Writes changes as a layer of an OCI image: a tar archive with what was added and modified, and for each name that was
/// deleted an empty file <c>.wh.NAME</c>; a directory that was replaced has <c>.wh..wh..opq</c>. OCI image
/// specification 1.1, layer.md.
/// </summary>
public static class ChangeExport
{
    private const FileModes ArchiveMode = (FileModes)0x1A4; // rw-r--r--

    /// <summary>
    /// Writes the archive: under another name first, so that there is none or the whole of it. A pipe or a device is
    /// written to.
    /// </summary>
    /// <param name="set">The changes.</param>
    /// <param name="layers">The directories of the parts.</param>
    /// <param name="view">The view that they were made in.</param>
    /// <param name="path">The archive's path; a file that is there is replaced.</param>
    /// <returns>What has no form in a layer and was left out: sockets, and what is named as a whiteout is.</returns>
    /// <exception cref="KernelException">Something cannot be read, or the archive not be written.</exception>
    public static IReadOnlyList<Change> Write(
        ChangeSet set,
        IReadOnlyList<PartLayers> layers,
        KeptView view,
        string path
    )
    {
        if (IsStream(path))
        {
            using FileFd stream = Files
                .OpenAt(null, path, OpenFlags.O_WRONLY | OpenFlags.O_NOCTTY)
                .OrThrow("open", path);
            return Write(set, layers, view.OpenModes(), new PaxArchive(stream, path));
        }

        string draft = path + ".part";
        try
        {
            using FileFd file = Files
                .OpenAt(
                    null,
                    draft,
                    OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_NOFOLLOW,
                    ArchiveMode
                )
                .OrThrow("open", draft);
            IReadOnlyList<Change> leftOut = Write(set, layers, view.OpenModes(), new PaxArchive(file, path));
            Files.FSync(file).OrThrow("fsync", path);
            Files.RenameAt(null, draft, null, path).OrThrow("write", path);
            return leftOut;
        }
        catch
        {
            Files.UnlinkAt(null, draft);
            throw;
        }
    }

    private static bool IsStream(string path) =>
        Files.StatX(null, path) is { Ok: true } there
        && (there.Value.Mode & FileModes.S_IFMT) is not (FileModes.S_IFREG or FileModes.S_IFDIR);

    private static List<Change> Write(
        ChangeSet set,
        IReadOnlyList<PartLayers> layers,
        LayerModes modes,
        PaxArchive archive
    )
    {
        List<Change> leftOut = [];
        HashSet<(int Part, BytePath Path)> present =
        [
            .. set
                .Changes.Where(change =>
                    change.Kind != ChangeKind.Deleted && !IsNamedAsWhiteout(Relative(set, change.Part, change.Path))
                )
                .Select(change => (change.Part, change.Path)),
        ];
        HashSet<BytePath> deleted =
        [
            .. set.Changes.Where(change => change.Kind == ChangeKind.Deleted).Select(set.PathOf),
        ];
        HashSet<BytePath> replaced = [];
        foreach (ReplacedDirectory directory in set.Replaced)
        {
            BytePath name = Relative(set, directory.Part, directory.Path);
            FileFacts facts = PartLayers
                .Look(layers[directory.Part].Upper, directory.Path)
                .OrThrow("look at", name.ToString());
            archive.Add(name, modes.Original(facts));
            archive.Add(PathBytes.Child(name, ".wh..wh..opq"), Marker(set));
            replaced.Add(name);
        }

        foreach (Change change in set.Changes)
        {
            BytePath name = Relative(set, change.Part, change.Path);
            if (change.Kind == ChangeKind.Deleted)
            {
                // What lies in a directory that is deleted, or replaced, goes with it.
                (BytePath folder, BytePath last) = PathBytes.Split(name);
                bool goes = deleted.Contains(Absolute(folder)) || replaced.Contains(folder);
                if (!goes)
                {
                    BytePath whiteout = BytePath.FromBytes([.. ".wh."u8, .. last.Bytes]);
                    archive.Add(PathBytes.Child(folder, whiteout), Marker(set));
                }
            }
            else if (change.After!.Type == FileModes.S_IFSOCK || IsNamedAsWhiteout(name))
            {
                leftOut.Add(change);
            }
            else if (!name.IsEmpty)
            {
                bool isLink = change.LinkTo is { } first && present.Contains((change.Part, first));
                Add(set, change, name, isLink, new ChangeSource(layers[change.Part], modes), archive);
            }
        }

        archive.End();
        return leftOut;
    }

    // Whoever unpacks the layer would delete something instead.
    private static bool IsNamedAsWhiteout(BytePath name) =>
        name.Bytes.StartsWith(".wh."u8) || name.Bytes.IndexOf("/.wh."u8) >= 0;

    private static void Add(
        ChangeSet set,
        Change change,
        BytePath name,
        bool isLink,
        ChangeSource source,
        PaxArchive archive
    )
    {
        FileFacts after = change.After!;
        using FileFd found = source.Find(change).OrThrow("open", name.ToString());
        if (change.MovedFrom is not null && !MovedSources.IsStill(found, after))
        {
            throw new KernelException(
                Errno.ESTALE,
                "read",
                name.ToString(),
                "what the program moved there was changed on the machine meanwhile"
            );
        }

        if (after.Type == FileModes.S_IFLNK)
        {
            archive.Add(
                name,
                after,
                Files.ReadLinkAt(found, BytePath.Empty).OrThrow("read the symlink", name.ToString())
            );
            return;
        }

        if (isLink)
        {
            archive.Add(name, after, Relative(set, change.Part, change.LinkTo!.Value));
            return;
        }

        if (!after.IsRegular && !after.IsDirectory)
        {
            archive.Add(name, after);
            return;
        }

        using FileFd file = source.Open(change).OrThrow("read", name.ToString());
        archive.Add(name, after, default, Attributes.Of(file), after.IsRegular ? file : null);
    }

    private static BytePath Relative(ChangeSet set, int part, BytePath path)
    {
        BytePath full = set.PathOf(part, path);
        return BytePath.FromBytes(full.Bytes.TrimStart((byte)'/'));
    }

    private static BytePath Absolute(BytePath relative) => BytePath.FromBytes([(byte)'/', .. relative.Bytes]);

    private static FileFacts Marker(ChangeSet set) =>
        new()
        {
            Mode = FileModes.S_IFREG | FileModes.S_IRUSR | FileModes.S_IWUSR,
            Uid = 0,
            Gid = 0,
            Size = 0,
            Inode = 0,
            LinkCount = 1,
            Device = default,
            Modified = set.Since,
            Changed = set.Since,
        };
}
