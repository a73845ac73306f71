using Tare.Runtime.Validation;

namespace Tare.Runtime.HostView;

/// <summary>
/// A view of the machine's own file tree: what is overlaid, what is only shown, what is empty, what is left out. Pure:
/// it is decided from a mount table and from what the paths are, and is only data.
/// </summary>
public sealed class HostLayout
{
    private HostLayout(bool isPrivileged, IReadOnlyList<HostPart> parts)
    {
        IsPrivileged = isPrivileged;
        Parts = parts;
    }

    /// <summary>See <see cref="HostViewRequest.IsPrivileged"/>.</summary>
    public bool IsPrivileged { get; }

    /// <summary>The parts, each after those that it lies in. The first is the root.</summary>
    public IReadOnlyList<HostPart> Parts { get; }

    /// <summary>Decides.</summary>
    /// <param name="request">For whom.</param>
    /// <param name="table">The machine's mounts.</param>
    /// <param name="look">What a path is; null where there is nothing.</param>
    public static HostLayout Decide(
        HostViewRequest request,
        IReadOnlyList<HostMount> table,
        Func<string, HostFile?> look
    )
    {
        IReadOnlyList<HostMount> mounts = VisibleMounts.Of(table);
        List<HostPart> parts = request.IsPrivileged
            ? Overlaid(request, mounts, look)
            : [new HostPart("/", HostPartKind.ReadOnly) { IsRecursive = true }];
        foreach (string path in request.Fresh)
        {
            if (look(path) is { IsDirectory: true } directory)
            {
                parts.Add(new HostPart(path, HostPartKind.Fresh) { Mode = directory.Mode });
            }
        }

        if (!request.IsPrivileged)
        {
            AddOwned(request, mounts, look, parts);
        }

        AddWorkingDirectory(request, mounts, look, parts);
        foreach (string path in request.Hidden)
        {
            bool isThere =
                look(path) is { IsDirectory: true }
                && Innermost(path, parts).Kind is HostPartKind.CopyOnWrite or HostPartKind.ReadOnly;
            if (isThere)
            {
                parts.Add(new HostPart(path, HostPartKind.Fresh) { Mode = 0x1C0 });
            }
        }

        return new HostLayout(request.IsPrivileged, parts);
    }

    /// <summary>A single directory of the machine as the whole view, overlaid.</summary>
    /// <param name="isPrivileged">See <see cref="HostViewRequest.IsPrivileged"/>.</param>
    /// <param name="directory">Absolute, without symbolic links.</param>
    /// <param name="file">What it is.</param>
    public static HostLayout OfDirectory(bool isPrivileged, string directory, HostFile file) =>
        new(isPrivileged, [CopyOnWrite("/", file) with { Source = directory }]);

    // As root: an overlay over each file system.
    private static List<HostPart> Overlaid(
        HostViewRequest request,
        IReadOnlyList<HostMount> mounts,
        Func<string, HostFile?> look
    )
    {
        List<HostPart> parts = [];
        foreach (HostMount mount in mounts)
        {
            if (request.MountedElsewhere.Concat(request.Fresh).Any(path => VisibleMounts.Contains(path, mount.Path)))
            {
                continue;
            }

            parts.Add(PartOf(mount, request, look));
        }

        // What lies below something that is left out is not there either.
        return
        [
            .. parts.Where(part =>
                !parts.Any(other =>
                    other.Kind == HostPartKind.LeftOut
                    && other.Path != part.Path
                    && VisibleMounts.Contains(other.Path, part.Path)
                )
            ),
        ];
    }

    // Nothing of a program's lies on it.
    private static bool IsInterface(string type) =>
        type is "autofs" or "fuse.lxcfs" or "nsfs" || (type != "tmpfs" && KernelFileSystems.Contains(type));

    private static HostPart PartOf(HostMount mount, HostViewRequest request, Func<string, HostFile?> look)
    {
        bool isRoot = mount.Path == "/";
        if (!isRoot && IsInterface(mount.Type))
        {
            return new HostPart(mount.Path, HostPartKind.LeftOut) { Reason = $"{mount.Type} holds no files" };
        }

        if (!isRoot && mount.Type == "overlay" && !VisibleMounts.Contains(mount.Path, request.WorkingDirectory))
        {
            return new HostPart(mount.Path, HostPartKind.LeftOut)
            {
                Reason = "an overlay belongs to another container",
            };
        }

        if (look(mount.Path) is not { IsReadable: true } file)
        {
            return new HostPart(mount.Path, HostPartKind.LeftOut) { Reason = "it cannot be read" };
        }

        return new HostPart(
            mount.Path,
            file.IsDirectory && !(mount.IsReadOnly && !isRoot) ? HostPartKind.CopyOnWrite : HostPartKind.ReadOnly
        )
        {
            IsFile = !file.IsDirectory,
            IsNoExec = mount.IsNoExec,
            Uid = file.Uid,
            Gid = file.Gid,
            Mode = file.Mode,
            Reason = file.IsDirectory ? null : "a single file cannot be overlaid",
        };
    }

    // As an ordinary user: overlays over what that user owns. In a user namespace an overlay is refused where another
    // mount lies below (it could uncover what that mount hides), and cannot be written where the owner is not mapped.
    private static void AddOwned(
        HostViewRequest request,
        IReadOnlyList<HostMount> mounts,
        Func<string, HostFile?> look,
        List<HostPart> parts
    )
    {
        if (request.Home is not { } home || home == "/" || IsElsewhere(request, home))
        {
            return;
        }

        if (look(home) is { IsDirectory: true, IsReadable: true } directory && directory.Uid == request.Uid)
        {
            parts.Add(Owned(home, directory, mounts, parts));
        }
    }

    private static HostPart Owned(
        string path,
        HostFile directory,
        IReadOnlyList<HostMount> mounts,
        List<HostPart> parts
    )
    {
        bool inFresh = Innermost(path, parts).Kind == HostPartKind.Fresh;
        HostMount? below = mounts.FirstOrDefault(mount =>
            mount.Path != path && VisibleMounts.Contains(path, mount.Path)
        );
        return below is null
            ? CopyOnWrite(path, directory) with
            {
                NeedsDirectory = inFresh,
            }
            : new HostPart(path, HostPartKind.ReadOnly)
            {
                IsRecursive = true,
                NeedsDirectory = inFresh,
                Reason = $"a user namespace cannot overlay it while {below.Path} is mounted below",
            };
    }

    private static bool IsElsewhere(HostViewRequest request, string path) =>
        request.MountedElsewhere.Any(other => VisibleMounts.Contains(other, path));

    private static void AddWorkingDirectory(
        HostViewRequest request,
        IReadOnlyList<HostMount> mounts,
        Func<string, HostFile?> look,
        List<HostPart> parts
    )
    {
        string path = request.WorkingDirectory;
        if (IsElsewhere(request, path))
        {
            return;
        }

        HostPart innermost = Innermost(path, parts);
        if (innermost.Kind == HostPartKind.CopyOnWrite || innermost.Path == path)
        {
            return;
        }

        if (look(path) is not { IsDirectory: true } directory)
        {
            return;
        }

        bool inFresh = innermost.Kind == HostPartKind.Fresh;
        if (request.IsPrivileged && inFresh)
        {
            parts.Add(CopyOnWrite(path, directory) with { NeedsDirectory = true });
        }
        else if (!request.IsPrivileged && directory.Uid == request.Uid)
        {
            parts.Add(Owned(path, directory, mounts, parts));
        }
        else if (inFresh)
        {
            parts.Add(
                new HostPart(path, HostPartKind.ReadOnly)
                {
                    IsRecursive = true,
                    NeedsDirectory = true,
                    Reason =
                        "it belongs to another user, and a user namespace can overlay only its user's own directories",
                }
            );
        }
    }

    private static HostPart CopyOnWrite(string path, HostFile directory) =>
        new(path, HostPartKind.CopyOnWrite)
        {
            Uid = directory.Uid,
            Gid = directory.Gid,
            Mode = directory.Mode,
        };

    private static HostPart Innermost(string path, List<HostPart> parts) =>
        parts.Where(part => VisibleMounts.Contains(part.Path, path)).MaxBy(part => part.Path.Length)!;
}
