using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Files
{
    /// <summary>Makes a directory; the umask applies. mkdirat(2).</summary>
    public static SysResult MkdirAt(FileDescriptor? directory, BytePath path, FileModes mode)
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.mkdirat(at.Number, path, mode));
    }

    /// <summary>Makes a directory and those above it, where they are missing.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="mode">The mode of those that are made; the umask applies.</param>
    /// <returns>
    /// Why the first that is missing could not be made. Something else than a directory that is in the way shows when it is
    /// opened.
    /// </returns>
    public static SysResult MakeDirectories(string path, FileModes mode)
    {
        SysResult result = new(Errno.None);
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            Note(MkdirAt(null, path[..slash], mode));
        }

        Note(MkdirAt(null, path, mode));
        return result;

        void Note(SysResult made)
        {
            if (result.Ok && made.Errno != Errno.EEXIST)
            {
                result = made;
            }
        }
    }

    /// <summary>Makes a device node, FIFO, socket or empty file; the umask applies. mknodat(2).</summary>
    /// <param name="directory">Where the path begins.</param>
    /// <param name="path">What to make; nothing may be there yet.</param>
    /// <param name="mode">One of the S_IF types and permission bits.</param>
    /// <param name="device">For devices: <see cref="DeviceNumber"/>.</param>
    public static SysResult MknodAt(
        FileDescriptor? directory,
        BytePath path,
        FileModes mode,
        DeviceNumber device = default
    )
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.mknodat(at.Number, path, mode, device.Encoded));
    }

    /// <summary>Makes a symbolic link. symlinkat(2).</summary>
    public static SysResult SymlinkAt(BytePath target, FileDescriptor? directory, BytePath path)
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.symlinkat(target, at.Number, path));
    }

    /// <summary>Gives a file another name. linkat(2).</summary>
    public static SysResult LinkAt(
        FileDescriptor? oldDirectory,
        BytePath oldPath,
        FileDescriptor? newDirectory,
        BytePath newPath,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed from = new(oldDirectory);
        using Borrowed to = new(newDirectory);
        return Interop.Result(Interop.linkat(from.Number, oldPath, to.Number, newPath, flags));
    }

    /// <summary>Moves a file within its file system, at once. renameat2(2).</summary>
    public static SysResult RenameAt(
        FileDescriptor? oldDirectory,
        BytePath oldPath,
        FileDescriptor? newDirectory,
        BytePath newPath,
        RenameFlags flags = RenameFlags.None
    )
    {
        using Borrowed from = new(oldDirectory);
        using Borrowed to = new(newDirectory);
        return Interop.Result(Interop.renameat2(from.Number, oldPath, to.Number, newPath, flags));
    }

    /// <summary>Removes a name; with AT_REMOVEDIR an empty directory. unlinkat(2).</summary>
    public static SysResult UnlinkAt(FileDescriptor? directory, BytePath path, AtFlags flags = AtFlags.None)
    {
        using Borrowed at = new(directory);
        return Interop.Result(Interop.unlinkat(at.Number, path, flags));
    }

    /// <summary>What a symbolic link says; the empty path is the link that the descriptor itself is. readlinkat(2).</summary>
    public static SysResult<BytePath> ReadLinkAt(FileDescriptor? directory, BytePath path)
    {
        using Borrowed at = new(directory);
        Span<byte> buffer = stackalloc byte[4096];
        nint raw = Interop.readlinkat(at.Number, path, buffer);
        return raw < 0 ? Interop.Failed<BytePath>(raw) : new(BytePath.FromBytes(buffer[..(int)raw]), Errno.None);
    }
}
