using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>Whether the machine's file is still the one that a change was computed against.</summary>
internal sealed class ApplyCheck
{
    private const int MaximumDepth = 256;
    private readonly ChangeSet set;
    private readonly HashSet<(int Part, ulong Inode)> shared = [];

    /// <summary>Knows which of the machine's files are several names of one, all of them changed.</summary>
    public ApplyCheck(ChangeSet set)
    {
        this.set = set;
        HashSet<(int, ulong)> seen = [];
        foreach (Change change in set.Changes)
        {
            if (change.Before is { IsDirectory: false } before && !seen.Add((change.Part, before.Inode)))
            {
                shared.Add((change.Part, before.Inode));
            }
        }
    }

    /// <summary>Why the change must not be applied; null where it may be.</summary>
    /// <param name="change">The change.</param>
    /// <param name="there">What the machine has in its place; null where there is nothing.</param>
    /// <param name="parent">The directory that it lies in.</param>
    /// <param name="name">Its name there.</param>
    public string? Conflict(Change change, FileFacts? there, DirectoryFd parent, BytePath name)
    {
        if (change.Before is not { } before)
        {
            bool merges = change.After!.IsDirectory && there is { IsDirectory: true };
            return there is null || merges ? null : "the machine has a file there by now";
        }

        if (there is null)
        {
            return change.Kind == ChangeKind.Deleted ? null : "the machine has it no more";
        }

        bool isShared = shared.Contains((change.Part, before.Inode));
        if (change.IsStale || !before.IsSameFile(there, isShared))
        {
            return "it was changed on the machine meanwhile";
        }

        bool replacesTree = there.IsDirectory && change.After is { IsDirectory: false };
        return replacesTree && HasNewer(parent, name, 0) ? "what it holds was changed on the machine meanwhile" : null;
    }

    private bool HasNewer(DirectoryFd parent, BytePath name, int depth)
    {
        SysResult<FileFd> found = PartLayers.Find(parent, name);
        if (!found.Ok || depth == MaximumDepth)
        {
            return true;
        }

        using FileFd file = found.Value;
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, $"/proc/self/fd/{file.Number}");
        if (!opened.Ok)
        {
            return opened.Errno != Errno.ENOTDIR || IsNewer(file);
        }

        using DirectoryFd directory = opened.Value;
        SysResult<List<DirectoryEntry>> entries = DirectoryEntries.Read(directory);
        return !entries.Ok
            || IsNewer(file)
            || entries.Value.Exists(entry => HasNewer(directory, entry.Name, depth + 1));
    }

    private bool IsNewer(FileFd file) =>
        Files.StatX(file) is not { Ok: true } status || FileFacts.Of(status.Value).Changed > set.Since;
}
