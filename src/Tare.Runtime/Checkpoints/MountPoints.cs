using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// The files and directories that a restored container's mounts lie on: CRIU makes none, and a root file system that was made
/// anew of an image has none. They are made as <c>create</c> makes them, inside the root, and left there likewise.
/// </summary>
internal static class MountPoints
{
    private const FileModes DirectoryMode = (FileModes)0x1ed; // rwxr-xr-x
    private const FileModes FileMode = FileModes.S_IFREG | (FileModes)0x1a4; // rw-r--r--

    /// <summary>Makes those that are missing. What lies on a file system of the kernel's comes with that.</summary>
    /// <exception cref="KernelException">One cannot be made.</exception>
    public static void Make(ValidatedSpec spec)
    {
        for (int i = 0; i < spec.Mounts.Length; i++)
        {
            ValidatedMount mount = spec.Mounts[i];
            ValidatedMount? below = spec
                .Mounts.Take(i)
                .LastOrDefault(other => mount.Destination.IsAtOrBelow(other.Destination));
            if (mount.Kind == MountKind.Remount || mount.Destination == below?.Destination)
            {
                continue;
            }

            if (below is null)
            {
                Make(spec.Root.Path, mount.Destination.Relative, mount);
            }
            else if (below.Kind == MountKind.Bind)
            {
                Make(below.Source, mount.Destination.RelativeTo(below.Destination), mount);
            }
        }
    }

    private static void Make(string root, string path, ValidatedMount mount)
    {
        using DirectoryFd directory = Files.OpenDirectoryAt(null, root, OpenFlags.O_PATH).OrThrow("open", root);
        for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            MakeOne(directory, path[..slash], isFile: false);
        }

        MakeOne(directory, path, mount.Kind == MountKind.Bind && IsFile(mount.Source));
    }

    // Only the last name is made, in a directory that was opened inside the root, and no symlink is followed by that.
    private static void MakeOne(DirectoryFd root, string path, bool isFile)
    {
        SysResult<FileFd> found = Files.OpenAt2(new RootedPath(root, path), OpenFlags.O_PATH);
        if (found.Ok)
        {
            found.Value.Dispose();
            return;
        }

        int slash = path.LastIndexOf('/');
        using DirectoryFd parent = Files
            .OpenDirectoryAt2(new RootedPath(root, slash < 0 ? "." : path[..slash]), OpenFlags.O_PATH)
            .OrThrow("open the directory of the mount point", path);
        string name = path[(slash + 1)..];
        SysResult made = isFile ? Files.MknodAt(parent, name, FileMode) : Files.MkdirAt(parent, name, DirectoryMode);
        if (made.Errno != Errno.EEXIST)
        {
            made.OrThrow("create the mount point", $"/{path}");
        }
    }

    private static bool IsFile(string source)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, source, OpenFlags.O_PATH);
        using FileFd file = opened.OrThrow("open the source of a bind mount", source);
        return (Files.StatX(file).OrThrow("stat", source).Mode & FileModes.S_IFMT) != FileModes.S_IFDIR;
    }
}
