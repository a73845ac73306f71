using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// Computes what a program did to one part of a view, from what the overlay wrote into the upper layer. Everything is
/// opened by its name in an opened directory and looked at before it is read; no symbolic link is followed.
/// </summary>
/// <remarks>
/// Three directories stand behind each path: what the program wrote (upper), what of the machine's it saw below
/// (content), and what the machine has at that path. The last two differ below a directory that the program moved.
/// </remarks>
internal sealed class LayerScan
{
    /// <summary>How deep directories may lie in each other; a few descriptors are open for each.</summary>
    private const int MaximumDepth = 256;

    private readonly int part;
    private readonly string top;
    private readonly PartLayers layers;
    private readonly LayerModes modes;
    private readonly FileTime since;
    private readonly ScanResult result;
    private readonly Dictionary<(bool IsMoved, ulong Inode), BytePath> links = [];

    private LayerScan(int part, string top, PartLayers layers, LayerModes modes, FileTime since, ScanResult result)
    {
        this.part = part;
        this.top = top;
        this.layers = layers;
        this.modes = modes;
        this.since = since;
        this.result = result;
    }

    /// <summary>Computes.</summary>
    /// <param name="part">The part's index.</param>
    /// <param name="top">What it is called.</param>
    /// <param name="layers">Its directories.</param>
    /// <param name="modes">The permissions that the upper layer's files were left with.</param>
    /// <param name="since">When the view was made.</param>
    /// <param name="result">Gets what is found.</param>
    /// <exception cref="KernelException">Something cannot be read.</exception>
    public static void Run(int part, string top, PartLayers layers, LayerModes modes, FileTime since, ScanResult result)
    {
        LayerScan scan = new(part, top, layers, modes, since, result);
        using FileFd found = PartLayers.Find(layers.Upper, BytePath.Empty).OrThrow("open the layer of", top);
        using FileFd machine = PartLayers.Find(layers.Machine, BytePath.Empty).OrThrow("open", top);
        FileFacts facts = scan.Facts(found, BytePath.Empty);
        using DirectoryFd upper = scan.OpenUpper(found, facts, BytePath.Empty);
        Place place = new(BytePath.Empty, BytePath.Empty);
        scan.CompareDirectory(upper, facts, place, machine, isTop: true);
        scan.Walk(upper, place, machine, machine, 0);
    }

    // What stands behind a path: the path itself, and that of the machine's content seen there; null where none is.
    private readonly record struct Place(BytePath Path, BytePath? Content)
    {
        public bool IsMoved => Content is { } content && content != Path;
    }

    private void Walk(DirectoryFd? upper, Place place, FileFd? content, FileFd? machine, int depth)
    {
        if (depth == MaximumDepth)
        {
            throw new KernelException(
                Errno.ELOOP,
                "read the directory",
                Name(place.Path),
                $"directories lie more than {MaximumDepth} deep in each other"
            );
        }

        HashSet<BytePath> names = [];
        foreach (
            DirectoryEntry entry in upper is null ? [] : DirectoryEntries.Read(upper).OrThrow("read", Name(place.Path))
        )
        {
            names.Add(entry.Name);
            AddUpper(upper!, entry.Name, place, content, machine, depth);
        }

        bool isSame = content is not null && !place.IsMoved;
        if (!isSame && content is not null)
        {
            foreach (BytePath name in Names(content, place.Path))
            {
                if (names.Add(name))
                {
                    AddContent(name, place, content, machine, depth);
                }
            }
        }

        if (!isSame && machine is not null)
        {
            foreach (BytePath name in Names(machine, place.Path))
            {
                if (!names.Contains(name))
                {
                    AddDeleted(machine, name, PathBytes.Child(place.Path, name), depth);
                }
            }
        }
    }

    private void AddUpper(DirectoryFd upper, BytePath name, Place place, FileFd? content, FileFd? machine, int depth)
    {
        BytePath path = PathBytes.Child(place.Path, name);
        using FileFd found = Open(upper, name).OrThrow("open", Name(path));
        FileFacts facts = Facts(found, path);
        if (OverlayMarks.IsWhiteout(found, facts))
        {
            if (machine is not null)
            {
                AddDeleted(machine, name, path, depth);
            }

            return;
        }

        using FileFd? there = TryOpen(machine, name);
        if (!facts.IsDirectory)
        {
            AddFile(found, facts, new Place(path, null), there);
            return;
        }

        using DirectoryFd own = OpenUpper(found, facts, path);
        (FileFd? below, BytePath? belowPath) = Below(own, name, place, content);
        using (below)
        {
            Place inner = new(path, belowPath);
            CompareDirectory(own, facts, inner, there, isTop: false);
            using FileFd? directory = AsDirectory(there);
            if (below is null && directory is not null)
            {
                result.Replaced.Add(new ReplacedDirectory(part, path));
            }

            Walk(own, inner, below, directory, depth + 1);
        }
    }

    // What of the machine's a directory of the upper layer shows.
    private (FileFd?, BytePath?) Below(DirectoryFd own, BytePath name, Place place, FileFd? content)
    {
        if (OverlayMarks.IsOpaque(own))
        {
            return default;
        }

        BytePath? from;
        FileFd? found;
        if (OverlayMarks.Redirect(own) is { } redirect && redirect.IsAbsolute)
        {
            from = BytePath.FromBytes(redirect.Bytes.TrimStart((byte)'/'));
            SysResult<FileFd> opened = PartLayers.Find(layers.Machine, from.Value);
            found = opened.Ok ? opened.Value : null;
        }
        else
        {
            BytePath shown = OverlayMarks.Redirect(own) ?? name;
            bool isName = !shown.Bytes.Contains((byte)'/') && shown != "." && shown != "..";
            from = isName && place.Content is { } outer ? PathBytes.Child(outer, shown) : (BytePath?)null;
            found = isName ? TryOpen(content, shown) : null;
        }

        using FileFd? opened2 = found;
        FileFd? directory = AsDirectory(found);
        return directory is null ? default : (directory, from);
    }

    // A name that only the machine's content has, below a directory that was moved.
    private void AddContent(BytePath name, Place place, FileFd content, FileFd? machine, int depth)
    {
        Place inner = new(PathBytes.Child(place.Path, name), PathBytes.Child(place.Content!.Value, name));
        using FileFd? found = TryOpen(content, name);
        if (found is null)
        {
            return;
        }

        FileFacts facts = Facts(found, inner.Path);
        using FileFd? there = TryOpen(machine, name);
        if (!facts.IsDirectory)
        {
            AddFile(found, facts, inner, there);
            return;
        }

        using DirectoryFd own = Files.OpenDirectoryAt(found, ".", OpenFlags.O_PATH).OrThrow("open", Name(inner.Path));
        CompareDirectory(own, facts, inner, there, isTop: false);
        using FileFd? directory = AsDirectory(there);
        Walk(null, inner, found, directory, depth + 1);
    }

    private void AddFile(FileFd found, FileFacts facts, Place place, FileFd? there)
    {
        FileFacts? before = there is null ? null : Facts(there, place.Path);
        Change change = new()
        {
            Part = part,
            Path = place.Path,
            Kind = before is null ? ChangeKind.Added : ChangeKind.Modified,
            Before = before,
            After = facts,
            MovedFrom = place.IsMoved ? place.Content : null,
            LinkTo = LinkOf(facts, place),
            IsStale = before is { IsDirectory: false } && before.Changed > since,
        };
        if (before is not null)
        {
            ChangeAspects aspects = Comparison.Of(found, facts, there!, before);
            if (aspects == ChangeAspects.None)
            {
                return;
            }

            change = change with { Aspects = aspects };
        }

        result.Changes.Add(change);
    }

    // The first name that is come across; null at that.
    private BytePath? LinkOf(FileFacts facts, Place place)
    {
        (bool, ulong) file = (place.IsMoved, facts.Inode);
        return facts.LinkCount < 2 || links.TryAdd(file, place.Path) ? (BytePath?)null : links[file];
    }

    private void CompareDirectory(DirectoryFd own, FileFacts facts, Place place, FileFd? there, bool isTop)
    {
        FileFacts? before = there is null ? null : Facts(there, place.Path);
        ChangeAspects aspects = before is null
            ? ChangeAspects.None
            : Comparison.OfDirectories(own, facts, there!, before, withAttributes: !isTop);
        if (before is not null && aspects == ChangeAspects.None)
        {
            return;
        }

        result.Changes.Add(
            new Change
            {
                Part = part,
                Path = place.Path,
                Kind = before is null ? ChangeKind.Added : ChangeKind.Modified,
                Aspects = aspects,
                Before = before,
                After = facts,
                MovedFrom = OwnsContent(place) ? place.Content : null,
                IsStale = before is { IsDirectory: false } && before.Changed > since,
            }
        );
    }

    // Whether the directory itself is the machine's, not only what is seen in it.
    private bool OwnsContent(Place place)
    {
        if (!place.IsMoved)
        {
            return false;
        }

        SysResult<FileFd> upper = PartLayers.Find(layers.Upper, place.Path);
        if (upper.Ok)
        {
            upper.Value.Dispose();
        }

        return !upper.Ok;
    }

    private void AddDeleted(FileFd directory, BytePath name, BytePath path, int depth, bool cameMeanwhile = false)
    {
        using FileFd? found = TryOpen(directory, name);
        if (found is null)
        {
            return;
        }

        FileFacts facts = Facts(found, path);

        // A directory that was moved here brings files that are older than itself.
        cameMeanwhile |= facts.IsDirectory && facts.Changed > since && facts.Modified <= since;
        using FileFd? inner = facts.IsDirectory && depth < MaximumDepth ? AsDirectory(found) : null;
        foreach (BytePath child in inner is null ? [] : TryNames(inner))
        {
            AddDeleted(inner!, child, PathBytes.Child(path, child), depth + 1, cameMeanwhile);
        }

        result.Deletions.Add(
            new Change
            {
                Part = part,
                Path = path,
                Kind = ChangeKind.Deleted,
                Before = facts,
                IsStale = !facts.IsDirectory && (cameMeanwhile || facts.Changed > since),
            }
        );
    }

    private DirectoryFd OpenUpper(FileFd found, FileFacts facts, BytePath path)
    {
        SysResult<DirectoryFd> opened = OpenListed(found);
        if (opened.Errno == Errno.EACCES)
        {
            modes.Unlock(found, facts).OrThrow("change the mode of the layer of", Name(path));
            opened = OpenListed(found);
        }

        return opened.OrThrow("open", Name(path));
    }

    private static SysResult<DirectoryFd> OpenListed(FileFd found) =>
        Files.OpenDirectoryAt(null, $"/proc/self/fd/{found.Number}");

    private static List<BytePath> TryNames(FileFd directory)
    {
        SysResult<DirectoryFd> opened = OpenListed(directory);
        if (!opened.Ok)
        {
            return [];
        }

        using DirectoryFd listed = opened.Value;
        SysResult<List<DirectoryEntry>> entries = DirectoryEntries.Read(listed);
        return entries.Ok ? [.. entries.Value.Select(entry => entry.Name)] : [];
    }

    private List<BytePath> Names(FileFd directory, BytePath path)
    {
        using DirectoryFd listed = OpenListed(directory).OrThrow("open", Name(path));
        return [.. DirectoryEntries.Read(listed).OrThrow("read", Name(path)).Select(entry => entry.Name)];
    }

    private static SysResult<FileFd> Open(FileDescriptor directory, BytePath name) =>
        Files.OpenAt2(
            directory,
            name,
            OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW,
            ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV
        );

    // What cannot be reached is not there: another file system that is mounted on it is no part of this one.
    private static FileFd? TryOpen(FileFd? directory, BytePath name)
    {
        SysResult<FileFd> opened = directory is null ? new(null!, Errno.ENOENT) : Open(directory, name);
        return opened.Ok ? opened.Value : null;
    }

    private FileFd? AsDirectory(FileFd? found) =>
        found is not null && Facts(found, BytePath.Empty).IsDirectory
            ? DescriptorTable.Duplicate(found).OrThrow("fcntl")
            : null;

    private FileFacts Facts(FileFd found, BytePath path) =>
        modes.Original(FileFacts.Of(Files.StatX(found).OrThrow("look at", Name(path))));

    private string Name(BytePath path) => path.IsEmpty ? top : $"{top.TrimEnd('/')}/{path}";
}
