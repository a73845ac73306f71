using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Containers;

/// <summary>
/// A root file system that somebody else has filled, for looking into from outside. Every path is resolved inside of it,
/// and only regular files are opened.
/// </summary>
public sealed class RootDirectory : IDisposable
{
    private const int LargestAccountFile = 1 << 16;
    private const string Accounts = "etc/passwd";
    private readonly DirectoryFd root;

    private RootDirectory(DirectoryFd root) => this.root = root;

    /// <summary>Opens it; null where that cannot be done.</summary>
    public static RootDirectory? TryOpen(string path)
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, path, OpenFlags.O_PATH);
        return opened.Ok ? new RootDirectory(opened.Value) : null;
    }

    /// <summary>What a path leads to. ENOENT and others as of a program inside.</summary>
    public SysResult<StatX> Status(string path)
    {
        SysResult<FileFd> opened = Files.OpenAt2(new RootedPath(root, path), OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return new(default, opened.Errno);
        }

        using FileFd file = opened.Value;
        return Files.StatX(file);
    }

    /// <summary>The first bytes of a regular file; EINVAL of anything else.</summary>
    public SysResult<int> ReadBegin(string path, Span<byte> buffer)
    {
        // Looked at first: opening a FIFO could wait, opening a device could do something. Then what was looked at is opened,
        // by its descriptor, because the name may lead elsewhere by now.
        SysResult<FileFd> found = Files.OpenAt2(new RootedPath(root, path), OpenFlags.O_PATH);
        if (!found.Ok)
        {
            return new(0, found.Errno);
        }

        using FileFd place = found.Value;
        SysResult<StatX> status = Files.StatX(place);
        if (!status.Ok || (status.Value.Mode & FileModes.S_IFMT) != FileModes.S_IFREG)
        {
            return new(0, status.Ok ? Errno.EINVAL : status.Errno);
        }

        SysResult<FileFd> opened = Files.OpenAt(
            null,
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{place.Number}"),
            OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY
        );
        if (!opened.Ok)
        {
            return new(0, opened.Errno);
        }

        using FileFd file = opened.Value;
        return Files.ReadAt(file, buffer, 0);
    }

    /// <summary>A user's home directory by /etc/passwd; null where that has none. passwd(5).</summary>
    public string? HomeOf(uint uid) =>
        Account(uid, 5) is { } home && home.StartsWith('/') && !home.Contains('\0', StringComparison.Ordinal)
            ? home
            : null;

    /// <summary>A user's name by /etc/passwd; null where that has none.</summary>
    public string? NameOf(uint uid) => Account(uid, 0) is { Length: > 0 } name ? name : null;

    // A field of the first line about a user.
    private string? Account(uint uid, int field)
    {
        SysResult<StatX> status = Status(Accounts);
        if (!status.Ok || status.Value.Size == 0)
        {
            return null;
        }

        byte[] text = new byte[Math.Min(status.Value.Size, LargestAccountFile)];
        SysResult<int> read = ReadBegin(Accounts, text);
        string wanted = uid.ToString(CultureInfo.InvariantCulture);
        Span<Range> fields = stackalloc Range[8];
        string lines = Encoding.UTF8.GetString(text, 0, read.Value);
        foreach (Range range in lines.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = lines.AsSpan()[range];
            if (line.Split(fields, ':') >= 7 && line[fields[2]].SequenceEqual(wanted))
            {
                return line[fields[field]].ToString();
            }
        }

        return null;
    }

    /// <inheritdoc />
    public void Dispose() => root.Dispose();
}
