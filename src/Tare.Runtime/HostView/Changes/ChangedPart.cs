using System.Globalization;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>A part of a view that could be written.</summary>
/// <param name="Path">Where the program saw it.</param>
/// <param name="Source">The directory of the machine that was shown there: absolute, without symbolic links.</param>
/// <param name="Layer">The name of its directory among the view's layers.</param>
public sealed record ChangedPart(string Path, string Source, string Layer)
{
    /// <summary>Which file system <see cref="Source"/> lay on, and which directory of it that was; null is not known.</summary>
    public string? Identity { get; init; }

    /// <summary>The same with what its source is now.</summary>
    public ChangedPart Identified()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, Source, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return this;
        }

        using DirectoryFd directory = opened.Value;
        return this with { Identity = IdentityOf(directory) };
    }

    // A number of the device would not outlive a restart of the machine; the id is made of the file system's own.
    internal static string? IdentityOf(DirectoryFd directory)
    {
        SysResult<StatFs> looked = Files.FStatFs(directory);
        SysResult<StatX> status = Files.StatX(directory);
        if (!looked.Ok || !status.Ok)
        {
            return null;
        }

        StatFs fileSystem = looked.Value;
        ulong inode = status.Value.Inode;
        return string.Create(CultureInfo.InvariantCulture, $"{(ulong)fileSystem.Type:x}:{fileSystem.Id:x}:{inode}");
    }
}
