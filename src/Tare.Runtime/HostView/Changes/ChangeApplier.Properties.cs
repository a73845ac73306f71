using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <content>Owner, permissions, times and extended attributes.</content>
public sealed partial class ChangeApplier
{
    private void SetProperties(int index, FileFd found, string path)
    {
        // The kernel takes capabilities away from a file whose owner is set, even to the same.
        Change change = set.Changes[index];
        FileFacts after = change.After!;
        StatX status = Files.StatX(found).OrThrow("look at", path);
        if (status.UserId != after.Uid || status.GroupId != after.Gid)
        {
            Files
                .FChownAt(found, BytePath.Empty, after.Uid, after.Gid, AtFlags.AT_EMPTY_PATH)
                .OrThrow("set the owner of", path);
        }

        bool isFile = !after.IsDirectory;
        bool hasOthers =
            change.Aspects.HasFlag(ChangeAspects.Attributes) || (isFile && change.Aspects.HasFlag(ChangeAspects.Owner));
        if (hasOthers && (isFile || change.MovedFrom is null))
        {
            // An owner without privileges may set them on what the owner may write.
            if ((status.Mode & FileModes.S_IWUSR) == 0)
            {
                Chmod(found, status.Mode | FileModes.S_IWUSR, path);
            }

            SetAttributes(index, found, path);
        }

        // Of a directory that was there before, the time says what was done to it on the machine.
        if (isFile || change.Kind == ChangeKind.Added)
        {
            using FileFd target = PartLayers.Read(found).OrThrow("open", path);
            Files
                .SetTimes(target, BytePath.Empty, after.Modified.ToStatX(), after.Modified.ToStatX())
                .OrThrow("set the times of", path);
        }

        Chmod(found, after.Mode, path);
    }

    private void SetAttributes(int index, FileFd found, string path)
    {
        using FileFd source = OpenSource(index, path);
        using FileFd target = PartLayers.Read(found).OrThrow("open", path);
        Attributes.Set(target, Attributes.Of(source), path);
    }

    // Opens what the change brings, to be read.
    private FileFd OpenSource(int index, string path)
    {
        Change change = set.Changes[index];
        SysResult<FileFd> saved = moved.Find(index);
        if (!saved.Ok)
        {
            return new ChangeSource(layers[change.Part], modes).Open(change).OrThrow("read what becomes of", path);
        }

        using FileFd found = saved.Value;
        return PartLayers.Read(found).OrThrow("read what becomes of", path);
    }

    private static void Chmod(FileFd found, FileModes mode, string path) =>
        Files
            .FChmodAt(null, $"/proc/self/fd/{found.Number}", mode & FileFacts.Permissions)
            .OrThrow("set the permissions of", path);
}
