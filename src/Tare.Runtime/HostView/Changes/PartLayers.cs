using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// A part of a view as directories: the machine's below, the program's on top. Whatever is opened is opened below one of
/// them, without following a symbolic link and without leaving its file system. Owns both.
/// </summary>
public sealed class PartLayers : IDisposable
{
    private const ResolveFlags Beneath =
        ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV;

    /// <summary>Takes over the descriptors.</summary>
    /// <param name="machine">The machine's directory.</param>
    /// <param name="upper">What the program wrote.</param>
    public PartLayers(DirectoryFd machine, DirectoryFd upper)
    {
        Machine = machine;
        Upper = upper;
    }

    /// <summary>The machine's directory.</summary>
    public DirectoryFd Machine { get; }

    /// <summary>What the program wrote.</summary>
    public DirectoryFd Upper { get; }

    /// <summary>Opens a part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="layers">The directory of the view's layers.</param>
    /// <exception cref="KernelException">The machine's directory is there no more, or a symbolic link now.</exception>
    public static PartLayers Open(ChangedPart part, DirectoryFd layers)
    {
        DirectoryFd upper = Files
            .OpenDirectoryAt(layers, part.Layer + "/upper", OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW)
            .OrThrow("open the layer of", part.Path);
        try
        {
            SysResult<DirectoryFd> machine = OpenMachine(part);

            // Where nothing was written nothing will be: what was unmounted meanwhile is in nobody's way.
            return new PartLayers(
                !machine.Ok && IsEmpty(upper)
                    ? Files.OpenDirectoryAt(upper, ".", OpenFlags.O_PATH).OrThrow("open the layer of", part.Path)
                    : machine.OrThrow(
                        "open",
                        part.Source,
                        "it is not the directory that it was: is its file system mounted?"
                    ),
                upper
            );
        }
        catch
        {
            upper.Dispose();
            throw;
        }
    }

    private static SysResult<DirectoryFd> OpenMachine(ChangedPart part)
    {
        using DirectoryFd root = Files.OpenDirectoryAt(null, "/", OpenFlags.O_PATH).OrThrow("open", "/");
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt2(
            new RootedPath(root, part.Source),
            OpenFlags.O_PATH,
            ResolveFlags.RESOLVE_NO_SYMLINKS
        );
        if (opened.Ok && part.Identity is { } identity && ChangedPart.IdentityOf(opened.Value) != identity)
        {
            opened.Value.Dispose();
            return new(null!, Errno.ESTALE);
        }

        return opened;
    }

    private static bool IsEmpty(DirectoryFd upper)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(upper, ".");
        if (!opened.Ok)
        {
            return false;
        }

        using DirectoryFd directory = opened.Value;
        return DirectoryEntries.Read(directory) is { Ok: true, Value.Count: 0 };
    }

    /// <summary>Opens what a path is, without reading or following it (O_PATH).</summary>
    public static SysResult<FileFd> Find(DirectoryFd top, BytePath path) =>
        Files.OpenAt2(
            top,
            path.IsEmpty ? "." : path,
            OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW,
            Beneath | ResolveFlags.RESOLVE_NO_MAGICLINKS
        );

    /// <summary>What a path is.</summary>
    public static SysResult<FileFacts> Look(DirectoryFd top, BytePath path)
    {
        SysResult<FileFd> found = Find(top, path);
        if (!found.Ok)
        {
            return new(null!, found.Errno);
        }

        using FileFd file = found.Value;
        SysResult<StatX> status = Files.StatX(file);
        return status.Ok ? new(FileFacts.Of(status.Value), Errno.None) : new(null!, status.Errno);
    }

    /// <summary>Opens a directory for look-ups below it, likewise.</summary>
    public static SysResult<DirectoryFd> FindDirectory(DirectoryFd top, BytePath path)
    {
        SysResult<FileFd> found = Find(top, path);
        if (!found.Ok)
        {
            return new(null!, found.Errno);
        }

        // The same descriptor under the name of its kind.
        using FileFd file = found.Value;
        return Files.OpenDirectoryAt(file, ".", OpenFlags.O_PATH);
    }

    /// <summary>Opens for reading what was found: by the descriptor, since a name can have become another file's.</summary>
    public static SysResult<FileFd> Read(FileDescriptor found) =>
        Files.OpenAt(
            null,
            $"/proc/self/fd/{found.Number}",
            OpenFlags.O_RDONLY | OpenFlags.O_NOCTTY | OpenFlags.O_NONBLOCK
        );

    /// <inheritdoc />
    public void Dispose()
    {
        Machine.Dispose();
        Upper.Dispose();
    }
}
