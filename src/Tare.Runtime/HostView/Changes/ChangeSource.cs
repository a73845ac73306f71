using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>Where what a program left is to be had: in the upper layer, or among the machine's own files. Reads only.</summary>
/// <param name="layers">The part's directories.</param>
/// <param name="modes">The permissions that the upper layer's files were left with; null leaves them as they are.</param>
internal sealed class ChangeSource(PartLayers layers, LayerModes? modes)
{
    /// <summary>Opens what the change brings, with O_PATH.</summary>
    public SysResult<FileFd> Find(Change change) =>
        change.MovedFrom is { } from
            ? PartLayers.Find(layers.Machine, from)
            : PartLayers.Find(layers.Upper, change.Path);

    /// <summary>Opens it to be read.</summary>
    public SysResult<FileFd> Open(Change change)
    {
        SysResult<FileFd> found = Find(change);
        if (!found.Ok)
        {
            return found;
        }

        using FileFd file = found.Value;
        SysResult<FileFd> opened = PartLayers.Read(file);
        if (opened.Errno != Errno.EACCES || modes is null || change.MovedFrom is not null)
        {
            return opened;
        }

        SysResult unlocked = modes.Unlock(file, change.After!);
        return unlocked.Ok ? PartLayers.Read(file) : opened;
    }

    /// <summary>Opens what the machine had, to be read.</summary>
    public SysResult<FileFd> OpenBefore(Change change)
    {
        SysResult<FileFd> found = PartLayers.Find(layers.Machine, change.Path);
        if (!found.Ok)
        {
            return found;
        }

        using FileFd file = found.Value;
        return PartLayers.Read(file);
    }
}
