using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Files
{
    /// <summary>
    /// A file's handle, and the number of the mount that it was found through. EOPNOTSUPP: its file system has no handles.
    /// name_to_handle_at(2).
    /// </summary>
    public static SysResult<(FileHandle Handle, int MountId)> GetHandle(
        FileDescriptor? directory,
        BytePath path,
        AtFlags flags = AtFlags.None
    )
    {
        using Borrowed at = new(directory);
        Span<byte> whole = stackalloc byte[FileHandle.HeaderSize + FileHandle.Longest];
        whole.Clear();
        nint raw = Interop.name_to_handle_at(at.Number, path, whole, out int mount, flags);
        return raw < 0 ? Interop.Failed<(FileHandle, int)>(raw) : new((FileHandle.From(whole), mount), Errno.None);
    }

    /// <summary>
    /// Opens the file of a handle, wherever it is now. ESTALE: there is no such file any more. EPERM: CAP_DAC_READ_SEARCH is
    /// needed, which goes past all directories. open_by_handle_at(2).
    /// </summary>
    /// <param name="mount">Anything open on the file system.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="flags">How it is opened.</param>
    public static SysResult<FileFd> OpenByHandle(FileDescriptor mount, FileHandle handle, OpenFlags flags)
    {
        using Borrowed descriptor = new(mount);
        nint raw = Interop.open_by_handle_at(descriptor.Number, handle.Whole(), flags | OpenFlags.O_CLOEXEC);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }
}
